#pragma once

#include <string>
#include <string_view>

namespace lobby::feed {

/// Text that was wrapped for another language before it was put into JSON, unwrapped so that names and
/// numbers in it are seen: HTML entities (&#19977; &#x4e09; &amp; &middot; …) and \u4e09, also one inside the
/// other. What is no whole escape stays.
std::u32string unescape(std::u32string_view text);

}  // namespace lobby::feed
