#include "drivers/board/onbon_error.hpp"

#include <array>
#include <string_view>

namespace lobby::board::onbon {
namespace {

constexpr std::array<std::string_view, 0x1E> texts{
    "no error",
    "unknown command group",
    "unknown command",
    "card busy",
    "not enough memory",
    "checksum wrong",
    "file missing",
    "flash failure",
    "download failed",
    "wrong file name",
    "wrong file type",
    "file checksum wrong",
    "font library missing",
    "firmware is of another controller",
    "wrong date or time",
    "file exists",
    "wrong block number",
    "wrong controller type",
    "wrong screen parameter",
    "wrong id",
    "password wrong",
    "password wrong",
    "password wrong",
    "password wrong",
    "clock failure",
    "wrong command parameter",
    "cascade failure",
    "no such area",
    "no such area",
    "FPGA failure",
};

}  // namespace

std::string error_text(unsigned error) {
  return error < texts.size() ? std::string(texts[error]) : "error " + std::to_string(error);
}

}  // namespace lobby::board::onbon
