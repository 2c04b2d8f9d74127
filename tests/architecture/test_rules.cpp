// The rules themselves: each is fed a file that breaks it and one that does not.
#include <doctest/doctest.h>

#include "tests/architecture/rules.hpp"
#include "tests/architecture/source.hpp"

using namespace lobby::architecture;

namespace {

Faults of_include(const std::string& path, const std::string& line) {
  return include_faults({path, line + "\n"});
}

}  // namespace

TEST_CASE("code is told from comments and literals") {
  CHECK(code_of("a // b\nc") == "a     \nc");
  CHECK(code_of("a /* b\n */ c") == "a     \n    c");
  CHECK(code_of("f(\"x \\\" y\", 'z', 1'000)") == "f(        ,    , 1'000)");
  CHECK(code_of("R\"(a \" b)\" c") == "           c");
  CHECK(code_of("s = \"open\nco") == "s =  open\nco");  // an unclosed literal ends with its line
}

TEST_CASE("an include in a comment or a string is none") {
  const auto found =
      includes_of("// #include \"a/b/c.hpp\"\n#include <vector>\nauto s = R\"(\n#include <x>\n)\";\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].name == "vector");
  CHECK(found[0].line == 2);
}

TEST_CASE("a room is two folders deep") {
  CHECK(room_of("daemon/hall/ids.hpp") == "daemon/hall");
  CHECK(room_of("tests/fuzz/deep/x.cpp") == "tests/fuzz");
  CHECK(room_of("daemon/loose.hpp") == "daemon");
}

TEST_CASE("forbidden includes are found, with file and line") {
  const Faults faults = include_faults(
      {"daemon/hall/decide.cpp", "#include <vector>\n\n#include \"daemon/journal/journal.hpp\"\n"});
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].starts_with("daemon/hall/decide.cpp:3: "));
  CHECK(faults[0].find("daemon/journal/journal.hpp") != std::string::npos);
}

TEST_CASE("the hall includes nothing of the world") {
  for (const char* header : {"<fstream>", "<thread>", "<fmt/format.h>", "<boost/json.hpp>", "<sqlite3.h>",
                             "<time.h>", "\"drivers/link/executor.hpp\"", "\"display/page/window_face.hpp\"",
                             "\"ids.hpp\"", "\"../hall/ids.hpp\""}) {
    CAPTURE(header);
    CHECK_FALSE(of_include("daemon/hall/x.cpp", std::string("#include ") + header).empty());
  }
  CHECK(of_include("daemon/hall/x.cpp", "#include <map>").empty());
  CHECK(of_include("daemon/hall/x.cpp", "#include \"daemon/hall/ids.hpp\"").empty());
}

TEST_CASE("arrows point one way only") {
  CHECK_FALSE(may_include("drivers/window", "daemon/hall"));
  CHECK_FALSE(may_include("display/page", "daemon/hall"));
  CHECK_FALSE(may_include("daemon/flows", "daemon/devices"));
  CHECK_FALSE(may_include("daemon/api", "daemon/journal"));
  CHECK_FALSE(may_include("daemon/devices", "display/screen"));
  CHECK_FALSE(may_include("drivers/printer", "drivers/bus"));
  CHECK_FALSE(may_include("tests/sim", "daemon/devices"));
  CHECK_FALSE(may_include("tests/sim", "daemon/app"));
  CHECK_FALSE(may_include("daemon/ctl", "daemon/app"));
  CHECK_FALSE(may_include("daemon/hall", "tests/fakes"));
  CHECK(may_include("daemon/devices", "drivers/window"));
  CHECK(may_include("tests/walks", "daemon/app"));
  for (const auto& [from, targets] : allowed_rooms()) {
    for (const auto& to : targets) {
      CAPTURE(from);
      CAPTURE(to);
      CHECK_FALSE(may_include(to, from));
    }
  }
}

TEST_CASE("a room that the design does not know is a fault") {
  CHECK_FALSE(include_faults({"daemon/utils/misc.hpp", "#pragma once\n"}).empty());
  CHECK_FALSE(include_faults({"daemon/misc.hpp", "#pragma once\n"}).empty());
}

TEST_CASE("libraries stay in their rooms") {
  CHECK_FALSE(of_include("daemon/api/server.cpp", "#include <httplib.h>").empty());
  CHECK_FALSE(of_include("daemon/app/lobby.cpp", "#include <SDL2/SDL.h>").empty());
  CHECK_FALSE(of_include("daemon/app/lobby.cpp", "#include <CLI/CLI.hpp>").empty());
  CHECK_FALSE(of_include("drivers/window/window_unit.cpp", "#include <modbus/modbus.h>").empty());
  CHECK_FALSE(of_include("daemon/devices/printers.cpp", "#include <boost/beast.hpp>").empty());
  CHECK_FALSE(of_include("firmware/wire/window_unit.hpp", "#include <string>").empty());
  CHECK(of_include("daemon/app/main.cpp", "#include <CLI/CLI.hpp>").empty());
  CHECK(of_include("drivers/bus/modbus_line.cpp", "#include <modbus/modbus-rtu.h>").empty());
  CHECK(of_include("tests/sim/server.cpp", "#include <httplib.h>").empty());
}

TEST_CASE("coroutines keep to two rooms and to the rule for g++ 12") {
  const auto in_api = [](const std::string& body) {
    return coroutine_faults({"daemon/api/x.cpp", body}).size();
  };
  CHECK(coroutine_faults({"daemon/app/x.cpp", "auto f() { co_return; }"}).size() == 1);
  CHECK(coroutine_faults({"daemon/app/x.cpp", "// co_await\nauto s = \"co_await\";"}).empty());
  CHECK(in_api("auto x = co_await read(socket, buffer);") == 0);
  CHECK(in_api("if (auto n = co_await read(); n > 0) { use(Agg{n}); }") == 0);
  CHECK(in_api("{ auto a = Agg{1}; co_await f(a); }") == 0);
  CHECK(in_api("co_await f([&](int n) { return n; });") == 1);  // its body is braces
  CHECK(in_api("co_await f(Agg{1});") == 1);
  CHECK(in_api("co_await f({1, 2});") == 1);
  CHECK(in_api("co_await [t]() -> awaitable<void> { co_return; }();") == 2);
  CHECK(in_api("co_await f([q = std::move(s)](int n) mutable -> int { return n; });") == 2);
  CHECK(in_api("co_spawn(co_await executor, [=] { go(); }, detached);") >= 1);
}

TEST_CASE("time is given, and no test waits for it") {
  CHECK(time_faults({"daemon/hall/x.cpp", "auto n = std::chrono::system_clock::now();"}).size() == 1);
  CHECK(time_faults({"daemon/flows/x.cpp", "localtime_r(&t, &tm);"}).size() == 1);
  CHECK(time_faults({"display/page/x.cpp", "auto t = std::time(nullptr);"}).size() == 1);
  CHECK(time_faults({"display/screen/x.cpp", "auto t = std::time(nullptr);"}).empty());
  CHECK(
      time_faults({"daemon/hall/x.cpp", "auto n = context.now; auto t = local_time(n); // system_clock::now"})
          .empty());
  CHECK(time_faults({"tests/hall/x.cpp", "std::this_thread::sleep_for(1s);"}).size() == 1);
  CHECK(time_faults({"tests/hall/x.cpp", "::usleep(10);"}).size() == 1);
  CHECK(time_faults({"tests/hall/x.cpp", "auto n = std::chrono::steady_clock::now();"}).empty());
}

TEST_CASE("a file is short, and a header guarded") {
  std::string text;
  for (int i = 0; i < 600; ++i) {
    text += "int a;\n";
  }
  CHECK(shape_faults({"daemon/hall/x.cpp", text}).empty());
  CHECK(shape_faults({"daemon/hall/x.cpp", text + "\n"}).size() == 1);
  CHECK(shape_faults({"daemon/hall/x.hpp", "int a;\n"}).size() == 1);
}

TEST_CASE("a target links no more than its room may include") {
  CHECK(target_faults("lobby_room(daemon/flows USES lobby_daemon_hall)\n").empty());
  CHECK(target_faults("lobby_room(daemon/flows USES\n  lobby_daemon_hall lobby_daemon_devices)\n").size() ==
        1);
  CHECK(target_faults("\n\nlobby_room(daemon/hall USES lobby_drivers_link)\n")
            .at(0)
            .starts_with("CMakeLists.txt:3:"));
}
