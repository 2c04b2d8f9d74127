#include "firmware/board/board.hpp"

int main() {
  lobby::board::run(lobby::firmware::Unit::Model::button_panel);
}
