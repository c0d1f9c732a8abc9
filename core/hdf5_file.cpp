#include "core/hdf5_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <type_traits>
#include <utility>

#include <hdf5.h>

namespace hutong {
namespace {

constexpr std::uint64_t chunk_bytes = 1U << 20;    // bound of a default chunk; HDF5's chunk cache holds one
constexpr std::size_t growth_bytes = 4U << 20;     // steps in which the file in memory grows
constexpr std::uint64_t texts_bytes = 256U << 20;  // bound of what a column of texts may take when read
constexpr std::size_t attribute_bytes = 65'536;    // bound of a text attribute when read
constexpr unsigned deflate_level = 1;

/// An HDF5 identifier that closes itself.
class Handle {
public:
    Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
    Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(id_, other.id_);
        std::swap(close_, other.close_);
        return *this;
    }
    ~Handle() {
        if (id_ >= 0) close_(id_);
    }
    hid_t id() const { return id_; }
    bool good() const { return id_ >= 0; }

private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

/// The stack of messages that HDF5 prints by itself is of no use to a reader of ours.
void be_quiet() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

template <class T>
hid_t memory_type() {
    if constexpr (std::is_same_v<T, float>)
        return H5T_NATIVE_FLOAT;
    else if constexpr (std::is_same_v<T, double>)
        return H5T_NATIVE_DOUBLE;
    else if constexpr (std::is_same_v<T, std::int64_t>)
        return H5T_NATIVE_INT64;
    else if constexpr (std::is_same_v<T, std::int32_t>)
        return H5T_NATIVE_INT32;
    else if constexpr (std::is_same_v<T, std::int16_t>)
        return H5T_NATIVE_INT16;
    else if constexpr (std::is_same_v<T, std::uint64_t>)
        return H5T_NATIVE_UINT64;
    else if constexpr (std::is_same_v<T, std::uint32_t>)
        return H5T_NATIVE_UINT32;
    else if constexpr (std::is_same_v<T, std::uint16_t>)
        return H5T_NATIVE_UINT16;
    else {
        static_assert(std::is_same_v<T, std::uint8_t>);
        return H5T_NATIVE_UINT8;
    }
}

/// Elements of an extent; nothing when they are more than `limit`.
bool elements_within(const Extent& extent, std::uint64_t limit, std::uint64_t& elements) {
    elements = 1;
    for (const std::uint64_t length : extent) {
        if (length != 0 && elements > limit / length) return false;
        elements *= length;
    }
    return elements <= limit;
}

std::uint64_t elements_of(const Extent& extent) {
    std::uint64_t elements = 1;
    for (const std::uint64_t length : extent) elements *= length;
    return elements;
}

Handle make_space(const Extent& extent) {
    if (extent.empty()) return {H5Screate(H5S_SCALAR), H5Sclose};
    const std::vector<hsize_t> lengths(extent.begin(), extent.end());
    return {H5Screate_simple(static_cast<int>(lengths.size()), lengths.data(), nullptr), H5Sclose};
}

Handle text_type(std::size_t size) {
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.id(), size);
    H5Tset_cset(type.id(), H5T_CSET_UTF8);
    H5Tset_strpad(type.id(), size == H5T_VARIABLE ? H5T_STR_NULLTERM : H5T_STR_NULLPAD);
    return type;
}

Extent default_chunk(const Extent& extent, std::size_t element) {
    Extent chunk = extent;
    for (std::size_t d = 0; d < chunk.size();) {
        if (elements_of(chunk) * element <= chunk_bytes) break;
        if (chunk[d] == 1) {
            ++d;
        } else {
            chunk[d] = (chunk[d] + 1) / 2;
        }
    }
    return chunk;
}

Handle creation_of(const Extent& extent, const Extent& wanted, std::size_t element) {
    Handle list(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_obj_track_times(list.id(), false);
    if (extent.empty() || elements_of(extent) == 0) return list;
    const Extent lengths = wanted.empty() ? default_chunk(extent, element) : wanted;
    const std::vector<hsize_t> chunk(lengths.begin(), lengths.end());
    H5Pset_chunk(list.id(), static_cast<int>(chunk.size()), chunk.data());
    H5Pset_shuffle(list.id());
    H5Pset_deflate(list.id(), deflate_level);
    H5Pset_fletcher32(list.id());
    return list;
}

[[noreturn]] void cannot_build(std::string_view path) {
    throw Error(ErrorKind::internal, msg("cannot build '{}' of the results", path), msg("HDF5 refused it"), msg("please report this"));
}

std::string extent_text(const Extent& extent) {
    std::string text;
    for (const std::uint64_t length : extent) {
        if (!text.empty()) text += ", ";
        text += length == Hdf5Reader::any ? "*" : std::to_string(length);
    }
    return text;
}

/// Selects a box of a data set; false when it does not fit.
bool select_box(hid_t space, const Extent& offset, const Extent& count) {
    const std::vector<hsize_t> start(offset.begin(), offset.end());
    const std::vector<hsize_t> size(count.begin(), count.end());
    return H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr) >= 0 && H5Sselect_valid(space) > 0;
}

}  // namespace

struct Hdf5Writer::Impl {
    Handle file{-1, H5Fclose};
    // The object that last got an attribute stays open: most get several, one after another.
    std::string described;
    Handle open_object{-1, H5Oclose};

    Handle create(std::string_view path, hid_t type, const Extent& extent, const Extent& chunk, std::size_t element) {
        const std::string name(path);
        const Handle space = make_space(extent);
        const Handle creation = creation_of(extent, chunk, element);
        Handle set(H5Dcreate2(file.id(), name.c_str(), type, space.id(), H5P_DEFAULT, creation.id(), H5P_DEFAULT), H5Dclose);
        if (!set.good()) cannot_build(path);
        return set;
    }

    template <class Value>
    void attach(std::string_view object, std::string_view name, hid_t type, const Value* value) {
        const std::string object_name(object);
        const std::string attribute_name(name);
        if (!open_object.good() || described != object_name) {
            open_object = Handle(H5Oopen(file.id(), object_name.c_str(), H5P_DEFAULT), H5Oclose);
            described = object_name;
        }
        const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
        const Handle made(H5Acreate2(open_object.id(), attribute_name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
        if (!made.good() || H5Awrite(made.id(), type, value) < 0) cannot_build(object_name + "@" + attribute_name);
    }
};

Hdf5Writer::Hdf5Writer() : impl_(std::make_unique<Impl>()) {
    be_quiet();
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    H5Pset_fapl_core(access.id(), growth_bytes, false);
    const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
    H5Pset_obj_track_times(creation.id(), false);
    impl_->file = Handle(H5Fcreate("in memory", H5F_ACC_TRUNC, creation.id(), access.id()), H5Fclose);
    if (!impl_->file.good()) cannot_build("/");
}

Hdf5Writer::~Hdf5Writer() = default;

void Hdf5Writer::group(std::string_view path) {
    const Handle creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
    H5Pset_obj_track_times(creation.id(), false);
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const std::string name(path.substr(0, end));
        if (!name.empty() && name != "/" && H5Lexists(impl_->file.id(), name.c_str(), H5P_DEFAULT) <= 0) {
            const Handle made(H5Gcreate2(impl_->file.id(), name.c_str(), H5P_DEFAULT, creation.id(), H5P_DEFAULT), H5Gclose);
            if (!made.good()) cannot_build(name);
        }
        if (end == std::string_view::npos) break;
    }
}

template <class T>
void Hdf5Writer::declare(std::string_view path, const Extent& extent, const Extent& chunk) {
    if (const auto slash = path.rfind('/'); slash != std::string_view::npos && slash > 0) group(path.substr(0, slash));
    impl_->create(path, memory_type<T>(), extent, chunk, sizeof(T));
}

template <class T>
void Hdf5Writer::data(std::string_view path, std::span<const T> values, const Extent& extent, const Extent& chunk) {
    HUTONG_EXPECT(values.size() == elements_of(extent));
    if (const auto slash = path.rfind('/'); slash != std::string_view::npos && slash > 0) group(path.substr(0, slash));
    const Handle set = impl_->create(path, memory_type<T>(), extent, chunk, sizeof(T));
    if (values.empty()) return;
    if (H5Dwrite(set.id(), memory_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) cannot_build(path);
}

template <class T>
void Hdf5Writer::part(std::string_view path, std::span<const T> values, const Extent& offset, const Extent& count) {
    HUTONG_EXPECT(values.size() == elements_of(count));
    if (values.empty()) return;
    const std::string name(path);
    const Handle set(H5Dopen2(impl_->file.id(), name.c_str(), H5P_DEFAULT), H5Dclose);
    const Handle space(set.good() ? H5Dget_space(set.id()) : -1, H5Sclose);
    if (!space.good() || H5Sget_simple_extent_ndims(space.id()) != static_cast<int>(count.size()) ||
        !select_box(space.id(), offset, count)) {
        cannot_build(path);
    }
    const Handle memory = make_space(count);
    if (H5Dwrite(set.id(), memory_type<T>(), memory.id(), space.id(), H5P_DEFAULT, values.data()) < 0) cannot_build(path);
}

void Hdf5Writer::texts(std::string_view path, const std::vector<std::string>& values) {
    if (const auto slash = path.rfind('/'); slash != std::string_view::npos && slash > 0) group(path.substr(0, slash));
    std::size_t width = 1;
    for (const std::string& value : values) width = std::max(width, value.size());
    std::string padded(width * values.size(), '\0');
    for (std::size_t i = 0; i < values.size(); ++i) padded.replace(i * width, values[i].size(), values[i]);
    const Handle type = text_type(width);
    const Handle set = impl_->create(path, type.id(), {values.size()}, {}, width);
    if (!values.empty() && H5Dwrite(set.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, padded.data()) < 0) cannot_build(path);
}

void Hdf5Writer::text(std::string_view path, std::string_view value) {
    if (const auto slash = path.rfind('/'); slash != std::string_view::npos && slash > 0) group(path.substr(0, slash));
    const Handle type = text_type(std::max<std::size_t>(1, value.size()));
    const Handle set = impl_->create(path, type.id(), {}, {}, 1);
    std::string padded(value);
    padded.resize(std::max<std::size_t>(1, value.size()));
    if (H5Dwrite(set.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, padded.data()) < 0) cannot_build(path);
}

void Hdf5Writer::attribute(std::string_view object, std::string_view name, std::string_view value) {
    const std::string terminated(value);
    const char* const first = terminated.c_str();
    const Handle type = text_type(H5T_VARIABLE);
    impl_->attach(object, name, type.id(), &first);
}

void Hdf5Writer::attribute(std::string_view object, std::string_view name, double value) {
    impl_->attach(object, name, H5T_NATIVE_DOUBLE, &value);
}

void Hdf5Writer::attribute(std::string_view object, std::string_view name, std::int64_t value) {
    impl_->attach(object, name, H5T_NATIVE_INT64, &value);
}

std::string Hdf5Writer::finish() {
    impl_->open_object = Handle(-1, H5Oclose);
    if (H5Fflush(impl_->file.id(), H5F_SCOPE_GLOBAL) < 0) cannot_build("/");
    const ssize_t size = H5Fget_file_image(impl_->file.id(), nullptr, 0);
    if (size < 0) cannot_build("/");
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (H5Fget_file_image(impl_->file.id(), bytes.data(), bytes.size()) != size) cannot_build("/");
    impl_->file = Handle(-1, H5Fclose);
    return bytes;
}

struct Hdf5Reader::Impl {
    std::string name;
    Handle file{-1, H5Fclose};

    [[noreturn]] void broken(std::string_view object, Message why) const {
        throw Error(ErrorKind::bad_results, msg("cannot read '{}' of '{}'", object, name), std::move(why),
                    msg("make the file again with this version of hutong"));
    }

    bool exists(std::string_view path) const {
        if (path == "/") return true;
        for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
            const std::string above(path.substr(0, end));
            if (H5Lexists(file.id(), above.c_str(), H5P_DEFAULT) <= 0) return false;
            if (end == std::string_view::npos) break;
        }
        return H5Oexists_by_name(file.id(), std::string(path).c_str(), H5P_DEFAULT) > 0;
    }

    Handle open_set(std::string_view path) const {
        if (!exists(path)) broken(path, msg("it is missing"));
        Handle set(H5Dopen2(file.id(), std::string(path).c_str(), H5P_DEFAULT), H5Dclose);
        if (!set.good()) broken(path, msg("it is not a data set"));
        return set;
    }

    Extent extent_of(std::string_view path, hid_t set) const {
        const Handle space(H5Dget_space(set), H5Sclose);
        const int rank = space.good() ? H5Sget_simple_extent_ndims(space.id()) : -1;
        if (rank < 0 || H5Sget_simple_extent_type(space.id()) == H5S_NULL) broken(path, msg("its extent cannot be read"));
        std::vector<hsize_t> lengths(static_cast<std::size_t>(rank));
        if (rank > 0) H5Sget_simple_extent_dims(space.id(), lengths.data(), nullptr);
        return Extent(lengths.begin(), lengths.end());
    }

    template <class T>
    void check_type(std::string_view path, hid_t set) const {
        const Handle type(H5Dget_type(set), H5Tclose);
        const H5T_class_t expected = std::is_floating_point_v<T> ? H5T_FLOAT : H5T_INTEGER;
        bool same = type.good() && H5Tget_class(type.id()) == expected && H5Tget_size(type.id()) == sizeof(T);
        if (same && expected == H5T_INTEGER) same = (H5Tget_sign(type.id()) == H5T_SGN_2) == std::is_signed_v<T>;
        if (!same) broken(path, msg("its numbers are of another type"));
    }

    Handle open_attribute(std::string_view object, std::string_view attribute) const {
        if (!exists(object)) broken(object, msg("it is missing"));
        Handle found(H5Aopen_by_name(file.id(), std::string(object).c_str(), std::string(attribute).c_str(), H5P_DEFAULT, H5P_DEFAULT),
                     H5Aclose);
        if (!found.good()) broken(object, msg("its attribute '{}' is missing", attribute));
        const Handle space(H5Aget_space(found.id()), H5Sclose);
        if (!space.good() || H5Sget_simple_extent_npoints(space.id()) != 1)
            broken(object, msg("its attribute '{}' is of another type", attribute));
        return found;
    }
};

Hdf5Reader::Hdf5Reader(const std::filesystem::path& path) : impl_(std::make_unique<Impl>()) {
    be_quiet();
    impl_->name = path.string();
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        Message why = errno == ENOENT || errno == ENOTDIR ? msg("no such file") : msg("the system reports: {}", std::strerror(errno));
        throw Error(ErrorKind::missing_file, msg("cannot read '{}'", impl_->name), std::move(why), msg("check the path"));
    }
    ::close(descriptor);
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    H5Pset_file_locking(access.id(), false, true);  // our files are replaced whole, never changed in place
    impl_->file = Handle(H5Fopen(impl_->name.c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose);
    if (!impl_->file.good()) {
        throw Error(ErrorKind::bad_results, msg("cannot read '{}'", impl_->name), msg("it is not a whole HDF5 file"),
                    msg("make the file again with this version of hutong"));
    }
}

Hdf5Reader::~Hdf5Reader() = default;

bool Hdf5Reader::exists(std::string_view path) const { return impl_->exists(path); }

std::vector<std::string> Hdf5Reader::children(std::string_view group) const {
    if (!impl_->exists(group)) impl_->broken(group, msg("it is missing"));
    const Handle opened(H5Gopen2(impl_->file.id(), std::string(group).c_str(), H5P_DEFAULT), H5Gclose);
    H5G_info_t info{};
    if (!opened.good() || H5Gget_info(opened.id(), &info) < 0) impl_->broken(group, msg("it is not a group"));
    std::vector<std::string> names;
    for (hsize_t i = 0; i < info.nlinks; ++i) {
        char name[256];
        const ssize_t size = H5Lget_name_by_idx(opened.id(), ".", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT);
        if (size < 0 || static_cast<std::size_t>(size) >= sizeof name) impl_->broken(group, msg("a name in it cannot be read"));
        names.emplace_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

Extent Hdf5Reader::extent(std::string_view path) const {
    const Handle set = impl_->open_set(path);
    return impl_->extent_of(path, set.id());
}

template <class T>
std::vector<T> Hdf5Reader::data(std::string_view path, const Extent& expected, std::uint64_t limit) const {
    const Handle set = impl_->open_set(path);
    impl_->check_type<T>(path, set.id());
    const Extent found = impl_->extent_of(path, set.id());
    bool same = found.size() == expected.size();
    for (std::size_t d = 0; same && d < found.size(); ++d) same = expected[d] == any || expected[d] == found[d];
    if (!same) impl_->broken(path, msg("its extent is [{}], not [{}]", extent_text(found), extent_text(expected)));
    std::uint64_t elements = 0;
    if (!elements_within(found, limit, elements)) impl_->broken(path, msg("it is larger than {} numbers", limit));
    std::vector<T> values(elements);
    if (elements > 0 && H5Dread(set.id(), memory_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
        impl_->broken(path, msg("it is damaged"));
    }
    return values;
}

template <class T>
std::vector<T> Hdf5Reader::part(std::string_view path, const Extent& offset, const Extent& count) const {
    const Handle set = impl_->open_set(path);
    impl_->check_type<T>(path, set.id());
    const Extent found = impl_->extent_of(path, set.id());
    bool inside = found.size() == count.size() && found.size() == offset.size();
    for (std::size_t d = 0; inside && d < found.size(); ++d) inside = offset[d] <= found[d] && count[d] <= found[d] - offset[d];
    if (!inside) impl_->broken(path, msg("its extent [{}] is too small", extent_text(found)));
    std::vector<T> values(elements_of(count));
    if (values.empty()) return values;
    const Handle space(H5Dget_space(set.id()), H5Sclose);
    const Handle memory = make_space(count);
    if (!count.empty() && !select_box(space.id(), offset, count)) impl_->broken(path, msg("its extent cannot be read"));
    if (H5Dread(set.id(), memory_type<T>(), memory.id(), space.id(), H5P_DEFAULT, values.data()) < 0)
        impl_->broken(path, msg("it is damaged"));
    return values;
}

std::vector<std::string> Hdf5Reader::texts(std::string_view path, std::uint64_t limit, std::uint64_t bytes) const {
    const Handle set = impl_->open_set(path);
    const Handle type(H5Dget_type(set.id()), H5Tclose);
    if (!type.good() || H5Tget_class(type.id()) != H5T_STRING) impl_->broken(path, msg("it holds no texts"));
    const Extent found = impl_->extent_of(path, set.id());
    std::uint64_t count = 0;
    if (found.size() > 1 || !elements_within(found, limit, count)) impl_->broken(path, msg("it holds more than {} texts", limit));
    std::vector<std::string> values;
    if (count == 0) return values;
    values.reserve(count);
    if (H5Tis_variable_str(type.id()) > 0) {
        const Handle space(H5Dget_space(set.id()), H5Sclose);
        hsize_t total = 0;
        if (H5Dvlen_get_buf_size(set.id(), type.id(), space.id(), &total) < 0) impl_->broken(path, msg("it is damaged"));
        if (total > texts_bytes) impl_->broken(path, msg("its texts are longer than {} bytes", texts_bytes));
        const Handle memory = text_type(H5T_VARIABLE);
        H5Tset_cset(memory.id(), H5Tget_cset(type.id()));
        std::vector<char*> pointers(count, nullptr);
        if (H5Dread(set.id(), memory.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0) impl_->broken(path, msg("it is damaged"));
        bool short_enough = true;
        for (const char* const text : pointers) {
            values.emplace_back(text == nullptr ? "" : text);
            short_enough = short_enough && values.back().size() <= bytes;
        }
        H5Dvlen_reclaim(memory.id(), space.id(), H5P_DEFAULT, pointers.data());
        if (!short_enough) impl_->broken(path, msg("its texts are longer than {} bytes", bytes));
        return values;
    }
    const std::size_t width = H5Tget_size(type.id());
    if (width == 0 || width > bytes || width > texts_bytes / count) impl_->broken(path, msg("its texts are longer than {} bytes", bytes));
    std::string padded(width * count, '\0');
    if (H5Dread(set.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, padded.data()) < 0) impl_->broken(path, msg("it is damaged"));
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string_view cell = std::string_view(padded).substr(i * width, width);
        values.emplace_back(cell.substr(0, cell.find('\0')));
    }
    return values;
}

std::string Hdf5Reader::text(std::string_view path, std::uint64_t bytes) const {
    auto values = texts(path, 1, bytes);
    if (values.size() != 1) impl_->broken(path, msg("it holds no texts"));
    return std::move(values.front());
}

bool Hdf5Reader::has_attribute(std::string_view object, std::string_view name) const {
    return impl_->exists(object) &&
           H5Aexists_by_name(impl_->file.id(), std::string(object).c_str(), std::string(name).c_str(), H5P_DEFAULT) > 0;
}

std::string Hdf5Reader::attribute_text(std::string_view object, std::string_view name) const {
    const Handle attribute = impl_->open_attribute(object, name);
    const Handle type(H5Aget_type(attribute.id()), H5Tclose);
    const bool is_text = type.good() && H5Tget_class(type.id()) == H5T_STRING;
    if (!is_text) impl_->broken(object, msg("its attribute '{}' is of another type", name));
    std::string value;
    if (H5Tis_variable_str(type.id()) > 0) {
        char* text = nullptr;
        if (H5Aread(attribute.id(), type.id(), &text) < 0) impl_->broken(object, msg("it is damaged"));
        if (text != nullptr) value.assign(text, ::strnlen(text, attribute_bytes + 1));
        H5free_memory(text);
    } else {
        if (H5Tget_size(type.id()) > attribute_bytes) impl_->broken(object, msg("its texts are longer than {} bytes", attribute_bytes));
        value.resize(H5Tget_size(type.id()));
        if (H5Aread(attribute.id(), type.id(), value.data()) < 0) impl_->broken(object, msg("it is damaged"));
        value.resize(std::min(value.size(), value.find('\0')));
    }
    if (value.size() > attribute_bytes) impl_->broken(object, msg("its texts are longer than {} bytes", attribute_bytes));
    return value;
}

double Hdf5Reader::attribute_number(std::string_view object, std::string_view name) const {
    const Handle attribute = impl_->open_attribute(object, name);
    const Handle type(H5Aget_type(attribute.id()), H5Tclose);
    const bool is_number = type.good() && (H5Tget_class(type.id()) == H5T_FLOAT || H5Tget_class(type.id()) == H5T_INTEGER);
    double value = 0;
    if (!is_number || H5Aread(attribute.id(), H5T_NATIVE_DOUBLE, &value) < 0) {
        impl_->broken(object, msg("its attribute '{}' is of another type", name));
    }
    return value;
}

std::int64_t Hdf5Reader::attribute_integer(std::string_view object, std::string_view name) const {
    const Handle attribute = impl_->open_attribute(object, name);
    const Handle type(H5Aget_type(attribute.id()), H5Tclose);
    std::int64_t value = 0;
    if (!type.good() || H5Tget_class(type.id()) != H5T_INTEGER || H5Aread(attribute.id(), H5T_NATIVE_INT64, &value) < 0) {
        impl_->broken(object, msg("its attribute '{}' is of another type", name));
    }
    return value;
}

#define HUTONG_HDF5_TYPE(T)                                                                                \
    template void Hdf5Writer::declare<T>(std::string_view, const Extent&, const Extent&);                  \
    template void Hdf5Writer::data<T>(std::string_view, std::span<const T>, const Extent&, const Extent&); \
    template void Hdf5Writer::part<T>(std::string_view, std::span<const T>, const Extent&, const Extent&); \
    template std::vector<T> Hdf5Reader::data<T>(std::string_view, const Extent&, std::uint64_t) const;     \
    template std::vector<T> Hdf5Reader::part<T>(std::string_view, const Extent&, const Extent&) const;
HUTONG_HDF5_TYPE(float)
HUTONG_HDF5_TYPE(double)
HUTONG_HDF5_TYPE(std::int64_t)
HUTONG_HDF5_TYPE(std::int32_t)
HUTONG_HDF5_TYPE(std::int16_t)
HUTONG_HDF5_TYPE(std::uint64_t)
HUTONG_HDF5_TYPE(std::uint32_t)
HUTONG_HDF5_TYPE(std::uint16_t)
HUTONG_HDF5_TYPE(std::uint8_t)
#undef HUTONG_HDF5_TYPE

}  // namespace hutong
