#include "tests/sim/approval_native.hpp"
#include "tests/sim/approval_shape.hpp"
#include "tests/sim/json_text.hpp"

namespace lobby::sim {
namespace {

std::string failure(Failing why) {
  return why == Failing::credential ? ApprovalNative::envelope(40100, "unauthorized")
         : why == Failing::request  ? ApprovalNative::envelope(40000, "bad request")
                                    : ApprovalNative::envelope(50300, "maintenance");
}

}  // namespace

const ApprovalShape& native_shape() {
  static const ApprovalShape shape{"native", json_type, Charset::utf8, "applicantName",
                                   false,    10'000,    nullptr,       failure};
  return shape;
}

}  // namespace lobby::sim
