#include "firmware/board/board.hpp"

int main() {
  lobby::board::run(lobby::firmware::Unit::Model::window_unit);
}
