#include "viz/window.h"

#include <chrono>
#include <cmath>
#include <fstream>
#include <optional>

#include <SFML/Graphics/Image.hpp>
#include <SFML/Graphics/RenderWindow.hpp>
#include <SFML/Graphics/Texture.hpp>
#include <SFML/System/Sleep.hpp>
#include <SFML/Window/Clipboard.hpp>

#include "analysis/report_content.h"
#include "analysis/report_html.h"
#include "core/safe_file.h"
#include "viz/display.h"
#include "viz/png.h"
#include "viz/renderer.h"
#include "viz/settings.h"
#include "viz/table.h"

namespace hutong {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int settling_frames = 3;           ///< frames drawn after an event, for ImGui to settle
constexpr double live_redraw_seconds = 0.1;  ///< at most ten redraws a second for what is simulated

double seconds_between(Clock::time_point a, Clock::time_point b) { return std::chrono::duration<double>(b - a).count(); }

std::optional<KeyPress> key_press(const sf::Event::KeyEvent& e) {
    KeyPress press{.key = Key::space, .control = e.control, .shift = e.shift, .digit = 0};
    using K = sf::Keyboard;
    if (e.code >= K::Num1 && e.code <= K::Num9) {
        press.key = Key::digit;
        press.digit = e.code - K::Num1 + 1;
        return press;
    }
    switch (e.code) {
        case K::Space:
            press.key = Key::space;
            break;
        case K::Left:
            press.key = Key::left;
            break;
        case K::Right:
            press.key = Key::right;
            break;
        case K::Up:
            press.key = Key::up;
            break;
        case K::Down:
            press.key = Key::down;
            break;
        case K::Home:
            press.key = Key::home;
            break;
        case K::End:
            press.key = Key::end;
            break;
        case K::Add:
        case K::Equal:
            press.key = Key::plus;
            break;
        case K::Subtract:
        case K::Hyphen:
            press.key = Key::minus;
            break;
        case K::Tab:
            press.key = Key::tab;
            break;
        case K::F1:
            press.key = Key::f1;
            break;
        case K::Escape:
            press.key = Key::escape;
            break;
        case K::Z:
            press.key = Key::z;
            break;
        case K::Y:
            press.key = Key::y;
            break;
        case K::S:
            press.key = Key::s;
            break;
        case K::P:
            press.key = Key::p;
            break;
        case K::L:
            press.key = Key::l;
            break;
        case K::F:
            press.key = Key::f;
            break;
        default:
            return std::nullopt;
    }
    return press;
}

class Session {
public:
    Session(const WindowRequest& request, ViewState state, ViewSource& source)
        : request_(request), state_(std::move(state)), source_(source), window_(sf::VideoMode(request.width, request.height), "Hutong") {
        window_.setVerticalSyncEnabled(false);
        window_.setKeyRepeatEnabled(true);
        window_.setActive(true);
        renderer_.emplace();
        if (!request.frame_times.empty()) times_.open(request.frame_times);
    }

    void run() {
        const auto opened = Clock::now();
        auto last = opened;
        while (window_.isOpen()) {
            const auto now = Clock::now();
            if (request_.close_after_seconds > 0 && seconds_between(opened, now) > request_.close_after_seconds) break;
            take_events();
            advance(seconds_between(last, now));
            last = now;
            watch_source(now);
            if (pending_ <= 0) {
                sf::sleep(sf::milliseconds(8));
                continue;
            }
            --pending_;
            frame();
        }
        const auto size = window_.getSize();
        save_settings(request_.settings, {size.x, size.y, state_});
    }

private:
    ViewModel model() {
        if (text_.language() != state_.language) text_ = Text(state_.language);
        return {state_, text_, source_.run(), source_.base(), source_.live(state_)};
    }

    void take_events() {
        sf::Event event{};
        while (window_.pollEvent(event)) {
            pending_ = settling_frames;
            if (event.type == sf::Event::Closed) window_.close();
            if (event.type == sf::Event::Resized)
                window_.setView(sf::View({0, 0, static_cast<float>(event.size.width), static_cast<float>(event.size.height)}));
            renderer_->adapter().handle(event);
            if (event.type == sf::Event::KeyPressed && !ImGui::GetIO().WantTextInput) {
                if (const auto press = key_press(event.key)) carry_out(commands_of(*press, model()));
            }
            // A button belongs to the place where it was pressed: where frames are slow the mouse would have gone on by the next.
            if (event.type == sf::Event::MouseButtonPressed || event.type == sf::Event::MouseButtonReleased) return;
        }
    }

    void advance(double seconds) {
        if (!state_.playing) {
            played_ = 0;
            return;
        }
        played_ += seconds * state_.months_per_second;
        const double whole = std::floor(played_);
        if (whole < 1) return;
        played_ -= whole;
        const std::size_t before = state_.row;
        carry_out({StepRow{static_cast<int>(whole)}});
        // At the end of what there is: wait for more while it is simulated, else stop.
        if (state_.row == before && source_.run().rows() == source_.run().frame().months.size()) state_.playing = false;
    }

    void watch_source(Clock::time_point now) {
        if (source_.version() == seen_version_ || seconds_between(last_live_, now) < live_redraw_seconds) return;
        seen_version_ = source_.version();
        last_live_ = now;
        pending_ = std::max(pending_, 1);
    }

    /// What is shown, and of which month: for the list of windows.
    void name_window() {
        const Dataset& run = source_.run();
        std::string title = "Hutong: " + run.name();
        if (!run.frame().months.empty()) title += ", " + run.frame().months[std::min(state_.row, run.frame().months.size() - 1)];
        if (state_.space) {
            title += ", " + run.space_log().spaces[*state_.space].code;
        } else if (state_.block) {
            title += ", " + run.frame().blocks[*state_.block].code;
        }
        if (title == title_) return;
        title_ = title;
        window_.setTitle(sf::String::fromUtf8(title.begin(), title.end()));
    }

    void frame() {
        name_window();
        const auto start = Clock::now();
        Commands commands;
        try {
            commands = renderer_->draw(window_, model(), static_cast<float>(seconds_between(last_frame_, start)));
        } catch (const Error& error) {
            say(error);
        }
        last_frame_ = start;
        const auto drawn = Clock::now();
        window_.display();
        if (times_.is_open())
            times_ << seconds_between(start, drawn) * 1000 << ' ' << seconds_between(start, Clock::now()) * 1000 << ' '
                   << renderer_->map_redrawn() << '\n';
        carry_out(commands);
    }

    void carry_out(const Commands& commands) {
        if (commands.empty()) return;
        pending_ = settling_frames;
        for (const Command& command : commands) {
            try {
                apply(state_, command, source_.run());
                source_.handle(command, state_);
                if (std::holds_alternative<SavePicture>(command)) save_picture();
                if (std::holds_alternative<SaveTable>(command)) save_table();
                if (std::holds_alternative<SaveReport>(command)) save_report();
                if (std::holds_alternative<CopyTable>(command)) copy_table();
                if (std::holds_alternative<Quit>(command)) window_.close();
            } catch (const Error& error) {
                say(error);
            } catch (const std::bad_alloc&) {
                state_.message = text_(tr("there is not enough memory"));
                state_.message_is_error = true;
            }
            state_.row = std::min(state_.row, last_row(source_.run()));
        }
    }

    void say(const Error& error) {
        state_.message = text_.error(error);
        state_.message_is_error = true;
        pending_ = settling_frames;
    }

    std::filesystem::path free_name(const std::string& suffix) const {
        const std::string month = source_.run().frame().months[std::min(state_.row, source_.run().frame().months.size() - 1)];
        const std::string stem = file_name(source_.file_stem()) + "-" + month + "-" + file_name(state_.layer);
        std::filesystem::path path = request_.folder / (stem + suffix);
        std::error_code none;
        for (int n = 2; std::filesystem::exists(path, none); ++n) path = request_.folder / (stem + "-" + std::to_string(n) + suffix);
        return path;
    }

    void save_picture() {
        frame_without_commands();
        sf::Texture texture;
        texture.create(window_.getSize().x, window_.getSize().y);
        texture.update(window_);
        const auto path = free_name(".png");
        write_safely(path, png_bytes(texture.copyToImage()));
        told(path);
    }
    void frame_without_commands() { renderer_->draw(window_, model(), 1.0F / 60); }

    void save_table() {
        const auto path = free_name(".csv");
        write_safely(path, table_csv(shown_table(model())));
        told(path);
    }
    void save_report() {
        const std::string stem = file_name(source_.file_stem()) + "-report";
        std::filesystem::path path = request_.folder / (stem + ".html");
        std::error_code none;
        for (int n = 2; std::filesystem::exists(path, none); ++n) path = request_.folder / (stem + "-" + std::to_string(n) + ".html");
        write_safely(path, source_.report(text_));
        told(path);
    }
    void copy_table() {
        const std::string text = table_tabs(shown_table(model()));
        sf::Clipboard::setString(sf::String::fromUtf8(text.begin(), text.end()));
        state_.message = text_(tr("The table is in the clipboard."));
        state_.message_is_error = false;
    }
    void told(const std::filesystem::path& path) {
        state_.message = text_(msg("saved: {}", path.string()));
        state_.message_is_error = false;
    }

    const WindowRequest& request_;
    ViewState state_;
    ViewSource& source_;
    Text text_{Language::english};
    sf::RenderWindow window_;
    std::optional<Renderer> renderer_;
    std::string title_;
    std::ofstream times_;
    int pending_ = settling_frames;
    double played_ = 0;
    std::uint64_t seen_version_ = 0;
    Clock::time_point last_frame_ = Clock::now(), last_live_{};
};

}  // namespace

std::string ResultsSource::report(const Text& text) const {
    const std::vector<ReportData> data(files_.begin(), files_.end());
    return write_html(compose_report(arrange(data), text, report_date()), text);
}

void open_window(const WindowRequest& request, ViewState state, ViewSource& source) {
    const DisplayConnection display;
    if (state.scale <= 0) state.scale = display.scale();
    Session(request, std::move(state), source).run();
}

}  // namespace hutong
