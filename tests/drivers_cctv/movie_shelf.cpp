// The look at a folder of movies, with real files.
#include "drivers/cctv/movie_shelf.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "drivers/link/asio_executor.hpp"
#include "tests/fakes/loop.hpp"

using namespace lobby;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "lobby-movies-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, std::size_t size, std::chrono::seconds age) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::trunc) << std::string(size, 'x');
    fs::last_write_time(path / name, fs::file_time_type::clock::now() - age);
  }
  fs::path path;
};

struct Looker {
  fakes::Loop loop;
  link::AsioExecutor executor{loop.io};
  std::unique_ptr<cctv::MovieShelf> shelf;

  cctv::MovieShelf::Look look() {
    std::optional<cctv::MovieShelf::Look> out;
    shelf->look(5s, [&](cctv::MovieShelf::Look seen) { out = std::move(seen); });
    CHECK_FALSE(out);
    REQUIRE(loop.until([&] { return out.has_value(); }));
    return *out;
  }
};

}  // namespace

TEST_CASE("the newest movie of this camera, also in folders by day") {
  const Folder folder;
  Looker looker;
  looker.shelf = cctv::make_movie_shelf(looker.executor, folder.path.string(), "1-");
  const auto empty = looker.look();
  CHECK(empty.fault.empty());
  CHECK(empty.name.empty());
  CHECK(empty.free > 0);

  folder.write("1-old.mp4", 500, 3600s);
  folder.write("2026/11/23/1-new.mp4", 48, 10s);
  folder.write("2-other.mp4", 900, 1s);
  folder.write("a/b/c/d/1-too-deep.mp4", 900, 1s);
  fs::create_symlink("/etc/passwd", folder.path / "1-link.mp4");
  fs::create_directory_symlink(folder.path, folder.path / "loop");
  auto seen = looker.look();
  CHECK(seen.fault.empty());
  CHECK(seen.name == "2026/11/23/1-new.mp4");
  CHECK(seen.size == 48);

  folder.write("2026/11/23/1-new.mp4", 4096, 0s);
  CHECK(looker.look().size == 4096);
  CHECK(looker.look().size == 4096);
  folder.write("1-newer.mp4", 10, -5s);
  seen = looker.look();
  CHECK(seen.name == "1-newer.mp4");
  fs::remove(folder.path / "1-newer.mp4");
  CHECK(looker.look().name == "2026/11/23/1-new.mp4");
}

TEST_CASE("a folder that is not there is a fault, not an empty one") {
  const Folder folder;
  Looker looker;
  looker.shelf = cctv::make_movie_shelf(looker.executor, (folder.path / "none").string(), "");
  CHECK_FALSE(looker.look().fault.empty());
  folder.write("file", 1, 0s);
  looker.shelf = cctv::make_movie_shelf(looker.executor, (folder.path / "file").string(), "");
  CHECK_FALSE(looker.look().fault.empty());
  // A link to the folder itself is what an administrator may have set.
  fs::create_directory_symlink(folder.path, folder.path / "link");
  looker.shelf = cctv::make_movie_shelf(looker.executor, (folder.path / "link").string(), "");
  CHECK(looker.look().name == "file");
}

TEST_CASE("a shelf that ends in the middle of a look tells nothing") {
  const Folder folder;
  Looker looker;
  looker.shelf = cctv::make_movie_shelf(looker.executor, folder.path.string(), "");
  bool told = false;
  looker.shelf->look(5s, [&](const cctv::MovieShelf::Look&) { told = true; });
  looker.shelf.reset();
  bool later = false;
  looker.executor.after(100ms, [&] { later = true; });
  REQUIRE(looker.loop.until([&] { return later; }));
  CHECK_FALSE(told);
}
