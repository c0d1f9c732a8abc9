/// The display of the machine: asked for before SFML, which ends the program when there is none.
#pragma once

namespace hutong {

/// A connection of our own, held while windows and textures live: a virtual display starts afresh, and is gone for a
/// moment, when nobody is connected.
class DisplayConnection {
public:
    /// Throws Error(usage) that says what to do when no window can be opened here.
    DisplayConnection();
    ~DisplayConnection();
    DisplayConnection(const DisplayConnection&) = delete;
    DisplayConnection& operator=(const DisplayConnection&) = delete;
    /// Scale of the interface that the desktop asks for (its dots per inch over 96), or 1.
    float scale() const;

private:
    void* display_ = nullptr;
};

}  // namespace hutong
