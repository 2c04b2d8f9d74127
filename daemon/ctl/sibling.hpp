#pragma once

#include <string>

namespace lobby::ctl {

/// The program of that name beside this one; only its name, for a search along $PATH, when there is none.
std::string sibling_path(const std::string& name);

/// For a program that may run in another folder.
std::string absolute_path(const std::string& path);

}  // namespace lobby::ctl
