#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "daemon/devices/board_pages.hpp"
#include "display/page/program.hpp"
#include "tests/devices_boards/cards.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using tests::Cards;
using tests::Kind;

namespace {

constexpr auto labelled_after = 60s;
constexpr auto expired_after = 180s;

/// What becomes of the last picture when nobody speaks to the card any more.
struct Card {
  Kind kind;
  std::string word;
  std::optional<link::Duration> gives_up_after;  ///< none: it has no limit of its own, and shows it for ever
  bool keeps_in_power_cut;                       ///< it comes back with its last words
};
const Card all_cards[] = {{Kind::onbon_k, "onbon_k", 60s, false},
                          {Kind::onbon_5e, "onbon_5e", 60s, false},
                          {Kind::onbon_6e, "onbon_6e", 60s, false},
                          {Kind::ddp, "ddp", 2500ms, false},
                          {Kind::e131, "e131", 2500ms, false},
                          {Kind::huidu, "huidu", std::nullopt, false},
                          {Kind::colorlight, "colorlight", std::nullopt, false},
                          {Kind::gbt23828, "gbt23828", std::nullopt, false}};

/// A hall whose source fell silent at the beginning of the trial, or goes on.
class Publishing {
 public:
  explicit Publishing(Kind kind) : cards({tests::board_of("b", kind)}, 10ms) {
    say("202611230007", "accepted");
    cards.start();
  }

  void say(const std::string& case_no, const std::string& status) {
    hall::CaseRow row;
    row.case_no = case_no;
    row.matter_name = "营业执照";
    row.applicant_display = "张*";
    row.status = row.shown_status = status;
    page_.cases = {row};
  }
  /// As the wiring does each second.
  void second() {
    if (source_lives) {
      last_proof_ = cards.executor.now();
    }
    page_.age = age();
    const hall::BidsPage bids;
    const hall::HallView hall;
    const std::vector<hall::BoardText> texts;
    const devices::BoardNews news{site_, hall, page_, bids, texts, cards.now()};
    display::BoardViews views;
    views.pages.emplace("cases", devices::board_page("cases", news, {}));
    if (cards.is_running() && told_ != views) {
      cards.boards().show({"b"}, views, false);
      told_ = std::move(views);
    }
    cards.run(1s);
  }
  void seconds(int count) {
    for (int i = 0; i < count; ++i) {
      second();
    }
  }
  link::Duration old() const { return cards.executor.now() - last_proof_; }
  display::Picture glass() { return cards.end("b").glass(); }
  bool shows(std::string_view text) { return tests::shows(glass(), text); }
  void kill() {
    cards.kill();
    told_.reset();
  }

  Cards cards;
  bool source_lives = true;

 private:
  hall::Age age() const {
    hall::Age age;
    const auto old_ms = std::chrono::duration_cast<std::chrono::milliseconds>(old()).count();
    age.as_of = hall::Instant{cards.now().utc_ms - old_ms, 8 * 60};
    age.state = old() >= expired_after    ? hall::Freshness::expired
                : old() >= labelled_after ? hall::Freshness::labelled
                                          : hall::Freshness::fresh;
    return age;
  }
  hall::Site site_;
  hall::CasePage page_;
  link::MonoTime last_proof_{};
  std::optional<display::BoardViews> told_;
};

constexpr std::string_view row_text = "0007";

}  // namespace

TEST_CASE("a source that dies: its rows are labelled at the one limit and gone at the other, on every card") {
  for (const auto& card : all_cards) {
    CAPTURE(card.word);
    Publishing hall(card.kind);
    hall.seconds(10);
    REQUIRE(hall.shows(row_text));
    REQUIRE_FALSE(hall.shows("截至"));
    hall.source_lives = false;
    for (int second = 0; second < 240; ++second) {
      // Of what the last second began with; text cards take a second.
      const auto old = hall.old();
      hall.second();
      CAPTURE(second);
      if (old < labelled_after) {
        REQUIRE(hall.shows(row_text));
        REQUIRE_FALSE(hall.shows("截至"));
      } else if (old < expired_after) {
        REQUIRE(hall.shows(row_text));
        REQUIRE(hall.shows("截至"));
      } else {
        REQUIRE_FALSE(hall.shows(row_text));
        REQUIRE_FALSE(tests::is_dark(hall.glass()));
      }
    }
    hall.source_lives = true;
    hall.seconds(2);
    CHECK(hall.shows(row_text));
    CHECK_FALSE(hall.shows("截至"));
    CHECK(hall.cards.end("b").counts().mixed == 0);
    CHECK(tests::refusals(hall.cards.end("b")) == "");
  }
}

TEST_CASE("a daemon that is killed: a card with a limit is dark at it, one without keeps its last words") {
  for (const auto& card : all_cards) {
    CAPTURE(card.word);
    Publishing hall(card.kind);
    hall.seconds(100);
    REQUIRE(hall.shows(row_text));
    hall.kill();
    for (int second = 1; second <= 300; ++second) {
      hall.cards.run(1s);
      CAPTURE(second);
      if (!card.gives_up_after) {
        REQUIRE(hall.shows(row_text));
      } else if (std::chrono::seconds(second) > *card.gives_up_after) {
        REQUIRE(tests::is_dark(hall.glass()));
      }
    }
    // The next life shows the present, and the old row is never seen again.
    hall.say("202611230099", "finished");
    hall.cards.start();
    hall.seconds(2);
    CHECK(hall.shows("0099"));
    CHECK_FALSE(hall.shows(row_text));
  }
}

TEST_CASE("a daemon that is back at once is heard by every card, whatever it remembers of the one before") {
  for (const auto& card : all_cards) {
    for (const int life : {3, 5, 8, 14, 17}) {
      CAPTURE(card.word);
      CAPTURE(life);
      Publishing hall(card.kind);
      hall.seconds(life);
      REQUIRE(hall.shows(row_text));
      hall.kill();
      hall.say("202611230099", "finished");
      hall.cards.start();
      hall.seconds(2);
      CHECK(hall.shows("0099"));
    }
  }
}

TEST_CASE("a daemon that stops leaves its closing text, or a dark board, and no row") {
  for (const auto& card : all_cards) {
    CAPTURE(card.word);
    Publishing hall(card.kind);
    hall.seconds(10);
    REQUIRE(hall.shows(row_text));
    bool is_stopped = false;
    hall.cards.boards().stop(5s, [&] { is_stopped = true; });
    hall.cards.run(2100ms);
    CHECK(is_stopped);
    const bool is_dark = tests::is_dark(hall.glass());
    // A source of E1.31 that says goodbye is forgotten at once, with its picture.
    CHECK(is_dark == (card.kind == Kind::e131));
    for (int second = 0; second < 200; ++second) {
      REQUIRE_FALSE(hall.shows(row_text));
      REQUIRE((tests::is_dark(hall.glass()) || hall.glass().width() == 256));
      hall.second();
    }
    hall.kill();
    hall.cards.run(100s);
    // Receivers of pixels forget whoever falls silent; cards are told that these words stay.
    CHECK(tests::is_dark(hall.glass()) == (card.kind == Kind::ddp || card.kind == Kind::e131));
  }
}

TEST_CASE("a link that was cut: within two seconds of the plug the present is on the glass") {
  for (const auto& card : all_cards) {
    for (const int away : {3, 40, 400}) {
      CAPTURE(card.word);
      CAPTURE(away);
      Publishing hall(card.kind);
      hall.seconds(10);
      hall.cards.end("b").pull_out();
      hall.say("202611230099", "finished");
      hall.seconds(away);
      const bool gave_up = card.gives_up_after && std::chrono::seconds(away) > *card.gives_up_after;
      CHECK(tests::is_dark(hall.glass()) == gave_up);
      CHECK(hall.cards.state("b").confirmed == hall::BoardProof::no);
      hall.cards.end("b").plug_in();
      hall.seconds(2);
      CHECK(hall.shows("0099"));
      CHECK_FALSE(hall.shows(row_text));
      CHECK(hall.cards.state("b").confirmed != hall::BoardProof::no);
      CHECK(hall.cards.device("b").state == hall::DeviceState::ok);
    }
  }
}

TEST_CASE("a card that lost its power has the present again by itself") {
  for (const auto& card : all_cards) {
    CAPTURE(card.word);
    Publishing hall(card.kind);
    hall.seconds(10);
    REQUIRE(hall.shows(row_text));
    hall.cards.end("b").power_cycle();
    hall.say("202611230099", "finished");
    int back_after = 0;
    while (!hall.shows("0099") && back_after < 60) {
      hall.second();
      ++back_after;
      REQUIRE_FALSE(hall.shows(row_text));
    }
    // Three seconds to start; a silent card is asked ever more seldom, and no more seldom than this.
    CAPTURE(back_after);
    CHECK(back_after <= 20);
    hall.seconds(30);
    CHECK(hall.shows("0099"));
    CHECK(hall.cards.device("b").state == hall::DeviceState::ok);
  }
}

TEST_CASE("the sign of a room says when its source fell silent, on large and small boards") {
  for (const auto kind : {Kind::ddp, Kind::onbon_k}) {
    for (const board::Size size : {board::Size{256, 64}, {192, 32}}) {
      auto config = tests::board_of("b", kind, size);
      config.playlist.zones.front().items = {{"room", {}}};
      CAPTURE(config.driver());
      CAPTURE(size.width);
      Cards cards({config});
      cards.start();
      display::RoomView view;
      view.room = "评标一室";
      view.state = "评标中";
      const auto is_labelled_within = [&](int seconds) {
        display::BoardViews views;
        views.pages.emplace("room", view);
        cards.boards().show({"b"}, views, false);
        bool is_labelled = false;
        for (int i = 0; i < seconds * 2; ++i) {
          cards.run(500ms);
          is_labelled |= tests::shows(cards.end("b").glass(), "截至 09:25");
        }
        return is_labelled;
      };
      view.age = {"09:25", false};
      CHECK_FALSE(is_labelled_within(30));
      view.age.stale = true;
      CHECK(is_labelled_within(30));
    }
  }
}
