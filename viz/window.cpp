#include "viz/window.h"

#include <chrono>
#include <cmath>
#include <fstream>
#include <future>
#include <iomanip>
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
#include "viz/screenshot.h"
#include "viz/settings.h"
#include "viz/table.h"

namespace hutong {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int settling_frames = 3;  ///< frames drawn after an event, for ImGui to settle

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

/// A picture has an ImGui context of its own; the window's is the current one again afterwards.
class ImguiContextKept {
public:
    ~ImguiContextKept() { ImGui::SetCurrentContext(context_); }

private:
    ImGuiContext* context_ = ImGui::GetCurrentContext();
};

class Session {
public:
    Session(const WindowRequest& request, ViewState state, ViewSource& source)
        : request_(request), state_(std::move(state)), source_(source), window_(sf::VideoMode(request.width, request.height), "Hutong") {
        window_.setVerticalSyncEnabled(false);
        window_.setKeyRepeatEnabled(true);
        window_.setActive(true);
        renderer_.emplace();
        source_.refresh();
        if (!request.frame_times.empty()) {
            times_.open(request.frame_times);
            times_ << std::setprecision(16);
        }
    }

    void run() {
        auto last = opened_;
        while (window_.isOpen()) {
            const auto now = Clock::now();
            if (request_.close_after_seconds > 0 && seconds_between(opened_, now) > request_.close_after_seconds) break;
            take_events();
            advance(seconds_between(last, now));
            last = now;
            watch_source(now);
            watch_report();
            if (pending_ <= 0) {
                sf::sleep(sf::milliseconds(source_.simulating() ? 2 : 8));
                continue;
            }
            --pending_;
            frame();
        }
        report_cancelled_ = true;
        const auto size = window_.getSize();
        save_settings(request_.settings, {size.x, size.y, state_});
    }

private:
    ViewModel model() {
        if (text_.language() != state_.language) text_ = Text(state_.language);
        return {state_, text_, source_.run(), source_.base(), source_.live(state_), source_.previous()};
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
        // While it is simulated the map is drawn ten times a second at most: then several months at once.
        const auto now = Clock::now();
        if (whole < 1 || (source_.simulating() && seconds_between(last_step_, now) < pace_.pause_seconds())) return;
        last_step_ = now;
        played_ -= whole;
        const std::size_t before = state_.row;
        carry_out({StepRow{static_cast<int>(whole)}});
        // At the end of what there is: wait for more while it is simulated, else stop.
        if (state_.row == before && source_.run().rows() == source_.run().frame().months.size()) state_.playing = false;
    }

    void watch_source(Clock::time_point now) {
        if (!pace_.due(source_, now)) return;
        source_.refresh();
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
        } catch (const std::bad_alloc&) {
            no_memory();
        }
        last_frame_ = start;
        const auto drawn = Clock::now();
        window_.display();
        pace_.drawn(source_, seconds_between(start, Clock::now()));
        if (times_.is_open())
            times_ << seconds_between(start, drawn) * 1000 << ' ' << seconds_between(start, Clock::now()) * 1000 << ' '
                   << renderer_->map_redrawn() << ' ' << renderer_->own_seconds() * 1000 << ' '
                   << std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count() << '\n'
                   << std::flush;
        carry_out(commands);
    }

    void carry_out(const Commands& commands) {
        if (commands.empty()) return;
        pending_ = settling_frames;
        for (const Command& command : commands) {
            try {
                apply(state_, command, source_.run());
                source_.handle(command, state_);
                if (const auto* picture = std::get_if<SavePicture>(&command)) save_picture(*picture);
                if (std::holds_alternative<SaveTable>(command)) save_table();
                if (std::holds_alternative<SaveReport>(command)) save_report();
                if (std::holds_alternative<CopyTable>(command)) copy_table();
                if (std::holds_alternative<Quit>(command)) window_.close();
            } catch (const Error& error) {
                say(error);
            } catch (const std::bad_alloc&) {
                no_memory();
            }
            state_.row = std::min(state_.row, last_row(source_.run()));
        }
    }

    void no_memory() {
        state_.message = text_(tr("there is not enough memory"));
        state_.message_is_error = true;
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

    void save_picture(const SavePicture& what) {
        const bool whole = what.part == Part::window, map = what.part == Part::map;
        const auto path = free_name(whole ? ".png" : map ? "-map.png" : what.part == Part::charts ? "-charts.png" : "-chart.png");
        Screenshot shot{path, state_.picture.width, state_.picture.height, what.part, what.chart};
        if (shot.width == 0 || shot.height == 0) {
            shot.width = window_.getSize().x;
            shot.height = window_.getSize().y;
        }
        ViewState shown = state_;
        shown.message.clear();
        shown.help = false;
        const ImguiContextKept kept;
        take_screenshot(shot, shown, source_.run(), source_.base(), source_.live(state_), source_.previous());
        window_.setActive(true);
        told(path);
    }

    void save_table() {
        const auto path = free_name(".csv");
        write_safely(path, table_csv(shown_table(model())));
        told(path);
    }
    void save_report() {
        if (report_.valid()) {
            state_.message = text_(tr("The report is being made."));
            return;
        }
        const std::string stem = file_name(source_.file_stem()) + "-report";
        report_file_ = request_.folder / (stem + ".html");
        std::error_code none;
        for (int n = 2; std::filesystem::exists(report_file_, none); ++n)
            report_file_ = request_.folder / (stem + "-" + std::to_string(n) + ".html");
        check_writable(report_file_);
        auto job = source_.report(state_.language);
        report_cancelled_ = false;
        report_ = std::async(job.in_background ? std::launch::async : std::launch::deferred,
                             [make = std::move(job.make), &cancelled = report_cancelled_] { return make(cancelled); });
        if (!job.in_background) return finish_report();
        state_.message = text_(tr("The report is being made: the futures are run once more from the start. You can go on meanwhile."));
        state_.message_is_error = false;
    }
    void watch_report() {
        using namespace std::chrono_literals;
        if (!report_.valid() || report_.wait_for(0s) != std::future_status::ready) return;
        pending_ = settling_frames;
        try {
            finish_report();
        } catch (const Error& error) {
            say(error);
        } catch (const std::bad_alloc&) {
            no_memory();
        }
    }
    void finish_report() {
        write_safely(report_file_, report_.get());
        told(report_file_);
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
    const Clock::time_point opened_ = Clock::now();
    std::ofstream times_;
    int pending_ = settling_frames;
    double played_ = 0;
    LivePace pace_;
    Clock::time_point last_frame_ = Clock::now(), last_step_{};
    std::filesystem::path report_file_;
    std::atomic<bool> report_cancelled_{false};
    std::future<std::string> report_;  ///< last: its job is waited for before what it looks at goes
};

}  // namespace

ViewSource::ReportJob ResultsSource::report(Language language) const {
    // On this thread: HDF5 is not to be used by two at once, and the files in view are read when they are asked for.
    return {[files = files_, language](const std::atomic<bool>&) {
                const Text text(language);
                const std::vector<ReportData> data(files.begin(), files.end());
                return write_html(compose_report(arrange(data), text, report_date()), text);
            },
            false};
}

double LivePace::pause_seconds() const {
    constexpr double least = 0.1, drawings = 8;
    return std::max(least, drawings * frame_seconds_);
}

bool LivePace::due(ViewSource& source, Clock::time_point now) {
    if (source.version() == seen_ || seconds_between(last_, now) < pause_seconds()) return false;
    if (source.simulating() && !source.resting()) {
        constexpr double longest_wait = 0.3;  // where a month takes longer the frame shares the machine
        if (!asked_) {
            asked_ = true;
            asked_at_ = now;
            source.rest_after_month();
        }
        if (seconds_between(asked_at_, now) < longest_wait) return false;
    }
    asked_ = false;
    seen_ = source.version();
    last_ = now;
    return true;
}

void LivePace::drawn(ViewSource& source, double frame_seconds) {
    frame_seconds_ = frame_seconds;
    if (source.resting()) source.go_on();
}

void open_window(const WindowRequest& request, ViewState state, ViewSource& source) {
    const DisplayConnection display;
    if (state.scale <= 0) state.scale = display.scale();
    Session(request, std::move(state), source).run();
}

}  // namespace hutong
