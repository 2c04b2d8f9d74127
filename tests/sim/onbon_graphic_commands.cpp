#include <algorithm>

#include "tests/sim/onbon_graphic.hpp"

namespace lobby::sim {

OnbonError OnbonGraphic::obey(const Body& body, Bytes& data, TimePoint now) {
  if (body.group != 0xA2) {
    return body.group == 0xA7 ? OnbonError::command : OnbonError::group;
  }
  const bool asks = body.command == 0x00 || body.command == 0x0F || body.command == 0x19;
  if (!asks) {
    return lies() ? OnbonError::none : set_lamp(body, now);
  }
  if (!body.data.empty()) {
    return OnbonError::parameter;
  }
  // The light sensor sees a lit room.
  data = body.command == 0x00 ? ping() : body.command == 0x0F ? status(now) : Bytes{0x2C, 0x01, 0, 0};
  return OnbonError::none;
}

OnbonError OnbonGraphic::set_lamp(const Body& body, TimePoint now) {
  const auto data = body.data;
  const auto needs = [&](bool is_right) { return is_right ? OnbonError::none : OnbonError::parameter; };
  OnbonError error = OnbonError::none;
  switch (body.command) {
    case 0x01:
      power_cycle(now);
      return OnbonError::none;
    case 0x02:
      return clock_.set(data, now);
    case 0x05:
      error = needs(data.size() == 1 && data[0] <= 1);
      lamp_.is_on = error == OnbonError::none ? data[0] == 1 : lamp_.is_on;
      return error;
    case 0x06:
      return set_timetable(data);
    case 0x07:
      error =
          needs(data.size() == 1 + lamp_.levels.size() && data[0] <= 2 &&
                std::all_of(data.begin() + 1, data.end(), [](std::uint8_t level) { return level <= 15; }));
      if (error == OnbonError::none) {
        lamp_.mode = data[0];
        lamp_.levels.assign(data.begin() + 1, data.end());
      }
      return error;
    case 0x08:
      lamp_.timetable.clear();
      return needs(data.empty());
    case 0x0D:
      error = needs(data.size() == 2 && data[0] <= 1 && data[1] <= 1);
      lamp_.locked_screen = error == OnbonError::none ? data[1] : lamp_.locked_screen;
      return error;
    case 0x0E:
      error = needs(data.size() == 10 && data[0] <= 1 && data[1] <= 1 && data[2] == 'P');
      lamp_.locked_programme = error == OnbonError::none ? data[1] : lamp_.locked_programme;
      return error;
    default:
      return OnbonError::command;
  }
}

OnbonError OnbonGraphic::set_timetable(std::span<const std::uint8_t> data) {
  ByteReader reader(data);
  const std::uint8_t count = reader.u8();
  std::vector<std::pair<int, int>> timetable;
  const auto time = [&]() -> std::optional<int> {
    const auto hour = from_bcd(reader.u8());
    const auto minute = from_bcd(reader.u8());
    return hour && minute && *hour < 24 && *minute < 60 ? std::optional(*hour * 60 + *minute) : std::nullopt;
  };
  for (int n = 0; n < count; ++n) {
    const auto on = time();
    const auto off = time();
    if (!on || !off) {
      return OnbonError::time_format;
    }
    timetable.emplace_back(*on, *off);
  }
  if (!reader.is_spent()) {
    return OnbonError::parameter;
  }
  lamp_.timetable = std::move(timetable);
  return OnbonError::none;
}

OnbonError OnbonGraphic::update(std::span<const std::uint8_t> data, TimePoint now) {
  OnbonError error = OnbonError::none;
  auto areas = read_bitmap_areas(data, identity_.generation, shape(), error);
  if (!areas) {
    return error;
  }
  for (OnbonBitmapArea& one : *areas) {
    one.area.updated = now;
    lit_outside_ += one.lit_outside;
    areas_.put(one.id, std::move(one.area));
  }
  flip();
  return OnbonError::none;
}

OnbonError OnbonGraphic::remove(std::span<const std::uint8_t> data) {
  constexpr std::uint8_t all = 0xFF;
  ByteReader reader(data);
  const std::uint8_t count = reader.u8();
  const auto ids = reader.take(count == all ? 0 : count);
  if (!reader.is_spent() || count == 0) {
    return OnbonError::parameter;
  }
  if (!std::all_of(ids.begin(), ids.end(), [&](std::uint8_t id) { return areas_.has(id); })) {
    return OnbonError::no_area;
  }
  for (const std::uint8_t id : ids) {
    areas_.remove(id);
  }
  if (count == all) {
    areas_.clear();
  }
  flip();
  return OnbonError::none;
}

Bytes OnbonGraphic::ping() const {
  constexpr std::uint8_t colours[] = {1, 3, 7};
  Bytes out;
  put_le(out, identity_.type, 2);
  for (const char c : std::string_view("V1.00.00")) {
    out.push_back(static_cast<std::uint8_t>(c));
  }
  out.push_back(1);  // set up
  put_le(out, 1, 2);
  out.push_back(2);
  put_le(out, static_cast<std::uint32_t>(shape().width), 2);
  put_le(out, static_cast<std::uint32_t>(shape().height), 2);
  out.push_back(colours[static_cast<std::size_t>(shape().colour)]);
  out.push_back(lamp_.levels.front());
  out.push_back(lamp_.is_on ? 1 : 0);
  put_le(out, 16, 2);
  out.insert(out.end(), {static_cast<std::uint8_t>(shape().height / 16), 1});
  put_le(out, 64, 2);
  return out;
}

Bytes OnbonGraphic::status(TimePoint now) const {
  Bytes out{static_cast<std::uint8_t>(lamp_.is_on ? 1 : 0),
            static_cast<std::uint8_t>(lamp_.timetable.empty() ? 0 : 1), static_cast<std::uint8_t>(lamp_.mode),
            lamp_.levels.front()};
  put_le(out, 0, 2);
  for (const char c : std::string_view("P000")) {
    out.push_back(static_cast<std::uint8_t>(c));
  }
  out.insert(out.end(), {lamp_.locked_screen, lamp_.locked_programme});
  const Bytes time = clock_.bcd(now);
  out.insert(out.end(), time.begin(), time.end());
  out.insert(out.end(), 9, 0xFF);  // no sensors: two temperatures, humidity, noise of two bytes, a button
  return out;
}

bool OnbonGraphic::is_lit(TimePoint now) const {
  const auto minute = clock_.minute_of_day(now);
  if (!lamp_.is_on || lamp_.timetable.empty() || !minute) {
    return lamp_.is_on;
  }
  return std::any_of(lamp_.timetable.begin(), lamp_.timetable.end(), [&](const std::pair<int, int>& span) {
    const auto [on, off] = span;
    return on <= off ? *minute >= on && *minute < off : *minute >= on || *minute < off;
  });
}

void OnbonGraphic::describe(boost::json::object& into, TimePoint now) const {
  into["areas"] = areas_.describe(now);
  into["on"] = lamp_.is_on;
  into["lit"] = is_lit(now);
  into["brightness_mode"] = lamp_.mode;
  into["brightness"] = lamp_.levels.front();
  into["clock"] = clock_.text(now);
  into["locked"] = lamp_.locked_screen != 0 || lamp_.locked_programme != 0;
  into["lit_outside"] = lit_outside_;
}

}  // namespace lobby::sim
