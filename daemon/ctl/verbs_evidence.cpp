#include "daemon/ctl/requests.hpp"

namespace lobby::ctl {

using Kind = Argument::Kind;

std::vector<Verb> evidence_verbs() {
  return {
      {"evidence",
       "verify",
       "Is a bundle whole? Status 0 whole, 10 to 17 what is wrong with it; needs no daemon",
       {{"FILE", Kind::positional, "the bundle, as it was exported", true},
        {"key", Kind::option, "the site's public key, PEM; without it nobody knows who wrote the bundle"},
        {"checkpoint", Kind::option, "the head that was printed or kept elsewhere, 16 digits or all 64"}},
       Act::verify_evidence},
      {"evidence",
       "export",
       "Write the bundle of an evaluation into a file; of one that is open, as far as it is",
       {{"ID", Kind::positional, "of the evaluation", true},
        {"FILE", Kind::positional, "where to; it must not be there yet", true}},
       Act::export_evidence},
  };
}

}  // namespace lobby::ctl
