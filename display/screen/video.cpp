#include "display/screen/video.hpp"

#include <SDL.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "display/screen/wall_place.hpp"

namespace lobby::display {
namespace {

struct EndOf {
  void operator()(SDL_Window* window) const { SDL_DestroyWindow(window); }
  void operator()(SDL_Renderer* renderer) const { SDL_DestroyRenderer(renderer); }
  void operator()(SDL_Texture* texture) const { SDL_DestroyTexture(texture); }
};

bool has_screen() {
  const char* const driver = SDL_GetCurrentVideoDriver();
  const std::string_view name = driver == nullptr ? "" : driver;
  return name != "dummy" && name != "offscreen" && name != "evdev";
}

/// False without a screen, unless it was asked for none.
bool start_sdl(bool may_be_unseen) {
  SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
  SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0");
  SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
  SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "nearest");
  const bool is_chosen = std::getenv("SDL_VIDEODRIVER") != nullptr;
  if (SDL_Init(SDL_INIT_VIDEO) == 0) {
    if (is_chosen || has_screen()) {
      return true;
    }
    SDL_Quit();
    SDL_SetError("there is no screen");
  }
  if (is_chosen || !may_be_unseen) {
    return false;
  }
  SDL_SetHint(SDL_HINT_VIDEODRIVER, "dummy");
  return SDL_Init(SDL_INIT_VIDEO) == 0;
}

}  // namespace

struct Video::Window {
  Settings settings;
  std::unique_ptr<SDL_Window, EndOf> window;
  std::unique_ptr<SDL_Renderer, EndOf> renderer;
  std::unique_ptr<SDL_Texture, EndOf> texture;
  int width = 0;  ///< of the picture
  int height = 0;
  std::vector<std::uint32_t> dots;
  bool is_soft = false;

  bool open() {
    const bool is_whole = settings.width == 0;
    SDL_DisplayMode desktop{};
    if (is_whole && SDL_GetDesktopDisplayMode(0, &desktop) != 0) {
      return false;
    }
    window.reset(SDL_CreateWindow("lobby-screen", 0, 0, is_whole ? desktop.w : settings.width,
                                  is_whole ? desktop.h : settings.height,
                                  is_whole ? SDL_WINDOW_FULLSCREEN_DESKTOP : SDL_WINDOW_BORDERLESS));
    if (!window || !make_renderer(false)) {
      return false;
    }
    SDL_ShowCursor(SDL_DISABLE);
    SDL_DisableScreenSaver();
    return true;
  }

  bool make_renderer(bool soft) {
    texture.reset();
    renderer.reset();
    is_soft = soft;
    if (!soft) {
      renderer.reset(
          SDL_CreateRenderer(window.get(), -1, SDL_RENDERER_ACCELERATED | SDL_RENDERER_PRESENTVSYNC));
    }
    if (!renderer) {
      is_soft = true;
      renderer.reset(SDL_CreateRenderer(window.get(), -1, SDL_RENDERER_SOFTWARE));
    }
    return renderer != nullptr;
  }

  void take(const Picture& picture) {
    if (picture.width() != width || picture.height() != height) {
      texture.reset();
      width = picture.width();
      height = picture.height();
    }
    const auto rgb = picture.rgb();
    dots.resize(rgb.size() / 3);
    for (std::size_t i = 0; i < dots.size(); ++i) {
      dots[i] = std::uint32_t{rgb[3 * i]} << 16U | std::uint32_t{rgb[3 * i + 1]} << 8U | rgb[3 * i + 2];
    }
  }

  void upload() {
    if (dots.empty() || !renderer) {
      return;
    }
    make_texture();
    if (!texture && !is_soft && make_renderer(true)) {
      make_texture();  // wider than the graphics chip can: memory has no such bound
    }
    if (texture) {
      SDL_UpdateTexture(texture.get(), nullptr, dots.data(), width * 4);
    }
  }

  void make_texture() {
    if (!texture) {
      texture.reset(SDL_CreateTexture(renderer.get(), SDL_PIXELFORMAT_RGB888, SDL_TEXTUREACCESS_STREAMING,
                                      width, height));
    }
  }

  /// All of the window, but not yet on the screen.
  void compose() {
    SDL_RenderSetViewport(renderer.get(), nullptr);  // the window may have grown unnoticed
    SDL_SetRenderDrawColor(renderer.get(), 0, 0, 0, 255);
    SDL_RenderClear(renderer.get());
    if (texture) {
      const auto place = place_in(room(), width, height);
      const SDL_Rect to{place.area.x, place.area.y, place.area.width, place.area.height};
      SDL_RenderCopy(renderer.get(), texture.get(), nullptr, &to);
    }
  }

  void present() {
    if (renderer) {
      compose();
      SDL_RenderPresent(renderer.get());
    }
  }

  Rect screen() {
    Rect all;
    SDL_GetRendererOutputSize(renderer.get(), &all.width, &all.height);
    return all;
  }

  /// Some window systems give the whole screen whatever was asked for.
  Rect room() {
    return settings.width == 0 ? screen() : common({0, 0, settings.width, settings.height}, screen());
  }
};

Video::Video(std::unique_ptr<Window> window) : window_(std::move(window)) {}

Video::~Video() {
  window_.reset();
  SDL_Quit();
}

std::unique_ptr<Video> Video::open(const Settings& settings, std::string& why) {
  if (!start_sdl(settings.may_be_unseen)) {
    why = std::string("cannot show anything: ") + SDL_GetError();
    return nullptr;
  }
  auto window = std::make_unique<Window>();
  window->settings = settings;
  const bool is_open = window->open();
  if (!is_open) {
    why = std::string("cannot open a window: ") + SDL_GetError();
  }
  std::unique_ptr<Video> video(new Video(std::move(window)));
  return is_open ? std::move(video) : nullptr;
}

void Video::show(const Picture& picture) {
  window_->take(picture);
  window_->upload();
  window_->present();
}

bool Video::pump() {
  bool is_lost = false;
  bool is_spoilt = false;
  SDL_Event event;
  while (SDL_PollEvent(&event) != 0) {
    switch (event.type) {
      case SDL_QUIT:
        return false;
      case SDL_RENDER_DEVICE_RESET:
        is_lost = true;
        break;
      case SDL_RENDER_TARGETS_RESET:
      case SDL_WINDOWEVENT:
      case SDL_DISPLAYEVENT:
        is_spoilt = true;
        break;
      default:
        break;
    }
  }
  if (is_lost && !window_->make_renderer(window_->is_soft)) {
    return false;
  }
  if (is_lost || is_spoilt) {
    window_->upload();
    window_->present();
  }
  return true;
}

Rect Video::room() const {
  return window_->renderer ? window_->room() : Rect{};
}

Picture Video::shot() {
  window_->compose();
  const Rect all = window_->screen();
  std::vector<std::uint8_t> rgb(static_cast<std::size_t>(all.width) * static_cast<std::size_t>(all.height) *
                                3);
  Picture picture(all.width, all.height);
  if (SDL_RenderReadPixels(window_->renderer.get(), nullptr, SDL_PIXELFORMAT_RGB24, rgb.data(),
                           all.width * 3) != 0) {
    return picture;
  }
  const std::uint8_t* dot = rgb.data();
  for (int y = 0; y < all.height; ++y) {
    for (int x = 0; x < all.width; ++x, dot += 3) {
      picture.set(x, y, {dot[0], dot[1], dot[2]});
    }
  }
  return picture;
}

}  // namespace lobby::display
