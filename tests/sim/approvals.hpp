#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "tests/sim/approval_auth.hpp"
#include "tests/sim/approval_faults.hpp"
#include "tests/sim/approval_inbox.hpp"
#include "tests/sim/approval_native.hpp"
#include "tests/sim/approval_records.hpp"
#include "tests/sim/approval_shape.hpp"
#include "tests/sim/case_book.hpp"
#include "tests/sim/device.hpp"
#include "tests/sim/site.hpp"
#include "tests/sim/wall_clock.hpp"

namespace lobby::sim {

class RawListener;

/// The provincial approval system at a feed's address, of the shape that the feed's mapping is for, with its
/// bad habits. Under the feed's url lie the lists of that shape, and all those of the hall's own contract
/// that it does not hide.
class Approvals final : public Device {
 public:
  Approvals(FeedEnd end, const WallClock& clock, std::uint64_t seed);
  ~Approvals() override;

  std::string start();

  /// The answer to one request, without a server. Every request counts.
  ApprovalReply answer(ApprovalRequest request);

  const std::string& id() const override { return end_.id; }
  std::string_view kind() const override { return "feed"; }
  boost::json::object describe() override;
  /// "inbox": what a hall posted to it, one object a line. "names": what it told that nobody may ever see,
  /// one in a line: names of people, numbers of certificates and telephones, experts, who fetched bidding
  /// documents.
  std::optional<File> file(std::string_view name, std::size_t sheet) override;
  bool can_have(Fault fault) const override;
  std::string set_details(Fault fault, const boost::json::object& body) override;
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  std::string press(std::string_view) override { return "The approval system has no keys."; }
  /// "case", "scale" {"cases":N}, "inbox" (ApprovalInbox::set), or a kind of ApprovalRecords::upsert().
  std::string put(std::string_view what, const boost::json::object& body) override;

 private:
  struct Server;
  void fit_server();
  void open_server();
  void open_raw(Fault fault);
  bool wait_for(milliseconds time);
  void wait_until_thawed();
  std::string secret() const;
  void advance();
  void count(const std::string& path);
  WallClock::Wall its_time() const;
  /// What a fault answers in place of everything; nullopt: none does.
  std::optional<ApprovalReply> refusal(const ApprovalRequest& request) const;
  bool is_authorised(const ApprovalRequest& request, const ListAsk& ask);
  ApprovalReply good_answer(const ApprovalRequest& request);
  const ShapeList* find_list(const std::string& resource) const;
  ApprovalReply page(const ApprovalRequest& request, const ShapeList& list, ListAsk ask);
  void fill_cases(ListPage& page, bool is_empty);
  void fill_records(ListPage& page, std::vector<boost::json::object> all);
  ApprovalReply native(const ApprovalRequest& request);
  ApprovalReply failure(Failing why) const;
  void spoil(const ApprovalRequest& request, ApprovalReply& reply);

  const FeedEnd end_;
  const ApprovalShape& shape_;
  const WallClock& clock_;
  const WallClock::Wall started_;
  std::atomic<std::uint64_t> raw_bytes_{0};
  std::mutex server_mutex_;  ///< server_ and raw_; never taken while mutex_ is held
  std::unique_ptr<Server> server_;
  std::unique_ptr<RawListener> raw_;
  std::mutex mutex_;  ///< all below
  std::condition_variable changed_;
  bool ending_ = false;
  CaseBook book_;
  ApprovalRecords records_;
  ApprovalNative native_;
  HmacGate gate_;
  ApprovalInbox inbox_;
  ApprovalFaults faults_;
  std::map<std::string, std::uint64_t> requests_;  ///< by path
  struct Seen {
    std::string path;
    std::int64_t ms = 0;  ///< since the start
  };
  std::deque<Seen> last_requests_;
  std::uint64_t refused_ = 0;
  std::uint64_t answers_ = 0;
  std::string last_params_;
  std::string last_verdict_;
};

}  // namespace lobby::sim
