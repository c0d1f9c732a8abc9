#include "viz/imgui_adapter.h"

#include <algorithm>
#include <cfloat>

#include <SFML/Window/Clipboard.hpp>
#include <SFML/Window/Keyboard.hpp>

#include <backends/imgui_impl_opengl2.h>

namespace hutong {
namespace {

void set_clipboard(void*, const char* text) {
    sf::Clipboard::setString(sf::String::fromUtf8(text, text + std::char_traits<char>::length(text)));
}

const char* get_clipboard(void*) {
    static std::string kept;
    const auto utf8 = sf::Clipboard::getString().toUtf8();
    kept.assign(utf8.begin(), utf8.end());
    return kept.c_str();
}

void handle_key(const sf::Event::KeyEvent& key, bool down) {
    ImGuiIO& io = ImGui::GetIO();
    if (key.code >= 0 && key.code < sf::Keyboard::KeyCount) io.KeysDown[key.code] = down;
    io.KeyCtrl = key.control;
    io.KeyShift = key.shift;
    io.KeyAlt = key.alt;
    io.KeySuper = key.system;
}

}  // namespace

ImguiAdapter::ImguiAdapter() : context_(ImGui::CreateContext()) {
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;  // our own settings file remembers the layout
    io.LogFilename = nullptr;
    io.SetClipboardTextFn = set_clipboard;
    io.GetClipboardTextFn = get_clipboard;
    io.KeyMap[ImGuiKey_Tab] = sf::Keyboard::Tab;
    io.KeyMap[ImGuiKey_LeftArrow] = sf::Keyboard::Left;
    io.KeyMap[ImGuiKey_RightArrow] = sf::Keyboard::Right;
    io.KeyMap[ImGuiKey_UpArrow] = sf::Keyboard::Up;
    io.KeyMap[ImGuiKey_DownArrow] = sf::Keyboard::Down;
    io.KeyMap[ImGuiKey_PageUp] = sf::Keyboard::PageUp;
    io.KeyMap[ImGuiKey_PageDown] = sf::Keyboard::PageDown;
    io.KeyMap[ImGuiKey_Home] = sf::Keyboard::Home;
    io.KeyMap[ImGuiKey_End] = sf::Keyboard::End;
    io.KeyMap[ImGuiKey_Delete] = sf::Keyboard::Delete;
    io.KeyMap[ImGuiKey_Backspace] = sf::Keyboard::Backspace;
    io.KeyMap[ImGuiKey_Space] = sf::Keyboard::Space;
    io.KeyMap[ImGuiKey_Enter] = sf::Keyboard::Enter;
    io.KeyMap[ImGuiKey_Escape] = sf::Keyboard::Escape;
    io.KeyMap[ImGuiKey_A] = sf::Keyboard::A;
    io.KeyMap[ImGuiKey_C] = sf::Keyboard::C;
    io.KeyMap[ImGuiKey_V] = sf::Keyboard::V;
    io.KeyMap[ImGuiKey_X] = sf::Keyboard::X;
    io.KeyMap[ImGuiKey_Y] = sf::Keyboard::Y;
    io.KeyMap[ImGuiKey_Z] = sf::Keyboard::Z;
    ImGui_ImplOpenGL2_Init();
}

ImguiAdapter::~ImguiAdapter() {
    ImGui_ImplOpenGL2_Shutdown();
    ImGui::DestroyContext(context_);
}

void ImguiAdapter::handle(const sf::Event& event) {
    ImGuiIO& io = ImGui::GetIO();
    switch (event.type) {
        case sf::Event::MouseMoved:
            io.MousePos = {static_cast<float>(event.mouseMove.x), static_cast<float>(event.mouseMove.y)};
            break;
        case sf::Event::MouseLeft:
            io.MousePos = {-FLT_MAX, -FLT_MAX};
            break;
        case sf::Event::MouseButtonPressed:
        case sf::Event::MouseButtonReleased:
            if (event.mouseButton.button < 3) {
                io.MousePos = {static_cast<float>(event.mouseButton.x), static_cast<float>(event.mouseButton.y)};
                const bool down = event.type == sf::Event::MouseButtonPressed;
                held_[event.mouseButton.button] = down;
                if (down) pressed_[event.mouseButton.button] = true;
            }
            break;
        case sf::Event::MouseWheelScrolled:
            if (event.mouseWheelScroll.wheel == sf::Mouse::VerticalWheel) io.MouseWheel += event.mouseWheelScroll.delta;
            break;
        case sf::Event::TextEntered:
            if (event.text.unicode >= 0x20 && event.text.unicode != 0x7f) io.AddInputCharacter(event.text.unicode);
            break;
        case sf::Event::KeyPressed:
        case sf::Event::KeyReleased:
            handle_key(event.key, event.type == sf::Event::KeyPressed);
            break;
        case sf::Event::LostFocus:
            std::fill(std::begin(io.KeysDown), std::end(io.KeysDown), false);
            io.KeyCtrl = io.KeyShift = io.KeyAlt = io.KeySuper = false;
            break;
        default:
            break;
    }
}

void ImguiAdapter::begin(float width, float height, float seconds) {
    ImGui::SetCurrentContext(context_);
    if (stale_) {
        ImGui_ImplOpenGL2_DestroyFontsTexture();
        ImGui_ImplOpenGL2_CreateFontsTexture();
        stale_ = false;
    }
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {width, height};
    constexpr float shortest = 1e-4F;
    io.DeltaTime = std::max(seconds, shortest);
    for (std::size_t button = 0; button < held_.size(); ++button) io.MouseDown[button] = held_[button] || pressed_[button];
    pressed_.fill(false);
    ImGui_ImplOpenGL2_NewFrame();
    ImGui::NewFrame();
}

void ImguiAdapter::finish() { ImGui::Render(); }

void ImguiAdapter::draw() { ImGui_ImplOpenGL2_RenderDrawData(ImGui::GetDrawData()); }

void ImguiAdapter::renew_font() { stale_ = true; }

}  // namespace hutong
