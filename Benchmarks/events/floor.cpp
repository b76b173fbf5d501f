// The yardstick: a plain C++ reader of scalars into columns. Files are mapped, both checksums of every record are
// checked with the processor's own instruction, the wire is walked with bounds checks, and the points are appended to
// vectors that a hash map finds by tag. It knows no tensors, no compression and no damage beyond stopping.
//
//   c++ -O2 -march=native floor.cpp -o floor && ./floor FILE...
#include <fcntl.h>
#include <nmmintrin.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

struct Series {
  std::string tag;
  std::vector<int64_t> steps;
  std::vector<double> times;
  std::vector<float> values;
};

uint32_t masked(const uint8_t *bytes, size_t count) {
  uint64_t state = ~0u;
  for (; count >= 8; bytes += 8, count -= 8) {
    uint64_t word;
    std::memcpy(&word, bytes, 8);
    state = _mm_crc32_u64(state, word);
  }
  auto crc = static_cast<uint32_t>(state);
  while (count--) crc = _mm_crc32_u8(crc, *bytes++);
  crc = ~crc;
  return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

/// A position in a message that never passes its end; `ok` turns false at what is no message.
struct Wire {
  const uint8_t *at, *end;
  bool ok = true;

  bool more() const { return ok && at < end; }

  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at == end) break;
      uint8_t byte = *at++;
      value |= static_cast<uint64_t>(byte & 127) << shift;
      if (byte < 128) return value;
    }
    ok = false;
    return 0;
  }

  const uint8_t *take(uint64_t count) {
    if (!ok || count > static_cast<uint64_t>(end - at)) {
      ok = false;
      return end;
    }
    const uint8_t *start = at;
    at += count;
    return start;
  }

  Wire message() {
    uint64_t length = varint();
    const uint8_t *start = take(length);
    return {start, at, ok};
  }

  template <class Value> Value fixed() {
    Value value{};
    const uint8_t *start = take(sizeof value);
    if (ok) std::memcpy(&value, start, sizeof value);
    return value;
  }

  void skip(uint64_t key) {
    switch (key & 7) {
    case 0: varint(); break;
    case 1: take(8); break;
    case 2: message(); break;
    case 5: take(4); break;
    default: ok = false;
    }
  }
};

struct Reader {
  std::deque<Series> all;
  std::unordered_map<std::string_view, Series *> tags;  // of the file that is read
  size_t records = 0, points = 0;

  void value(Wire wire, int64_t step, double time) {
    std::string_view tag;
    float number = 0;
    bool found = false;
    while (wire.more()) {
      uint64_t key = wire.varint();
      if (key == 10) {
        Wire text = wire.message();
        tag = {reinterpret_cast<const char *>(text.at), static_cast<size_t>(text.end - text.at)};
      } else if (key == 21) {
        number = wire.fixed<float>();
        found = true;
      } else wire.skip(key);
    }
    if (!found || !wire.ok) return;
    auto place = tags.find(tag);
    if (place == tags.end()) {
      Series &fresh = all.emplace_back();
      fresh.tag = tag;
      place = tags.emplace(fresh.tag, &fresh).first;
    }
    place->second->steps.push_back(step);
    place->second->times.push_back(time);
    place->second->values.push_back(number);
    points++;
  }

  void event(Wire wire) {
    double time = 0;
    int64_t step = 0;
    Wire summary{nullptr, nullptr};
    while (wire.more()) {
      uint64_t key = wire.varint();
      if (key == 9) time = wire.fixed<double>();
      else if (key == 16) step = static_cast<int64_t>(wire.varint());
      else if (key == 42) summary = wire.message();
      else wire.skip(key);
    }
    while (summary.more()) {
      uint64_t key = summary.varint();
      if (key == 10) value(summary.message(), step, time);
      else summary.skip(key);
    }
  }

  bool file(const char *path) {
    int descriptor = open(path, O_RDONLY);
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) || !status.st_size) return false;
    auto size = static_cast<size_t>(status.st_size);
    void *mapping = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (mapping == MAP_FAILED) return false;
    madvise(mapping, size, MADV_SEQUENTIAL);
    tags.clear();
    auto *at = static_cast<const uint8_t *>(mapping), *end = at + size;
    bool good = true;
    while (good && end - at >= 16) {
      uint64_t length;
      uint32_t check;
      std::memcpy(&length, at, 8);
      std::memcpy(&check, at + 8, 4);
      good = masked(at, 8) == check && length <= static_cast<uint64_t>(end - at) - 16;
      if (!good) break;
      std::memcpy(&check, at + 12 + length, 4);
      good = masked(at + 12, length) == check;
      if (good) event({at + 12, at + 12 + length});
      at += 16 + length;
      records++;
    }
    munmap(mapping, size);
    close(descriptor);
    return good;
  }
};

}  // namespace

int main(int count, char **arguments) {
  Reader reader;
  for (int index = 1; index < count; index++)
    if (!reader.file(arguments[index])) return 1;
  std::printf("records=%zu points=%zu series=%zu\n", reader.records, reader.points, reader.all.size());
}
