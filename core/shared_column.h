/// A column of a table that hardly ever changes during a run: copies of the table share it until one of them changes it, so
/// that many Worlds at once need it once. Reading is that of a vector; who changes it says so.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace hutong {

template <class T>
class SharedColumn {
public:
    using value_type = T;

    std::size_t size() const { return values_ ? values_->size() : 0; }
    bool empty() const { return size() == 0; }
    const T* data() const { return values_ ? values_->data() : nullptr; }
    const T& operator[](std::size_t row) const { return (*values_)[row]; }
    const T* begin() const { return data(); }
    const T* end() const { return data() + size(); }

    /// Whether another copy has the same values in the same place.
    bool shared() const { return values_.use_count() > 1; }
    /// To be changed: what is shared is copied first. References live until the column is copied or changed again; no other thread
    /// may copy this column meanwhile (others that share its values may).
    std::vector<T>& change() {
        if (!values_) {
            values_ = std::make_shared<std::vector<T>>();
        } else if (shared()) {
            values_ = std::make_shared<std::vector<T>>(*values_);
        }
        return *values_;
    }
    const std::vector<T>& values() const {
        static const std::vector<T> none;
        return values_ ? *values_ : none;
    }

    // What tables do to all their columns.
    void resize(std::size_t rows) { change().resize(rows); }
    void emplace_back() { change().emplace_back(); }
    void assign(std::size_t rows, const T& value) { change().assign(rows, value); }

private:
    std::shared_ptr<std::vector<T>> values_;
};

/// A column as the vector it is, shared or not: for those who go through all columns of a table.
template <class T>
const std::vector<T>& to_read(const std::vector<T>& column) {
    return column;
}
template <class T>
const std::vector<T>& to_read(const SharedColumn<T>& column) {
    return column.values();
}
template <class T>
std::vector<T>& to_change(std::vector<T>& column) {
    return column;
}
template <class T>
std::vector<T>& to_change(SharedColumn<T>& column) {
    return column.change();
}

}  // namespace hutong
