// Everything a user can get wrong ends with one clear message, an exit code of its own, and no results file.
#include <sys/resource.h>
#include <chrono>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "core/error.h"
#include "program.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

class BadInput : public testing::Test {
protected:
    Program program;
    const std::string baseline = Program::source("scenarios/baseline.toml").string();
    const fs::path out = program.folder() / "results.h5";

    void expect(const Ended& ended, ErrorKind kind, std::string_view words) const {
        EXPECT_EQ(ended.code, static_cast<int>(kind)) << ended.err;
        EXPECT_EQ(lines(ended.err), 1U) << ended.err;
        EXPECT_NE(ended.err.find(words), std::string::npos) << ended.err;
        EXPECT_TRUE(ended.out.empty()) << ended.out;
        EXPECT_FALSE(fs::exists(out));
        for (const auto& entry : fs::directory_iterator(program.folder())) {
            const std::string name = entry.path().filename().string();
            EXPECT_EQ(name.find("results"), std::string::npos) << "left behind: " << name;
        }
    }
    std::vector<std::string> short_run(const std::vector<std::string>& more) const {
        std::vector<std::string> args{"run", baseline, "--scale", "1/16", "--months", "2", "--out", out.string()};
        args.insert(args.end(), more.begin(), more.end());
        return args;
    }
};

TEST_F(BadInput, MissingScenario) {
    expect(program.run({"run", "nowhere.toml", "--out", out.string()}), ErrorKind::missing_file, "nowhere.toml");
}

TEST_F(BadInput, UnknownKey) {
    expect(program.run(short_run({"--set", "policy.control.enforcment=2"})), ErrorKind::bad_scenario, "enforcement");
}

TEST_F(BadInput, WrongType) {
    expect(program.run(short_run({"--set", "policy.control.enforcement=strong"})), ErrorKind::bad_scenario, "enforcement");
}

TEST_F(BadInput, ValueOutOfRange) {
    expect(program.run(short_run({"--set", "policy.control.enforcement=99"})), ErrorKind::bad_scenario, "enforcement");
}

TEST_F(BadInput, UnknownKeyInAFileNamesItsLine) {
    const fs::path scenario = program.folder() / "mine.toml";
    std::ofstream(scenario) << "extends = \"" << baseline << "\"\n[run]\nmonhts = 3\n";
    const Ended ended = program.run({"run", scenario.string(), "--out", out.string()});
    expect(ended, ErrorKind::bad_scenario, "mine.toml:3");
    EXPECT_NE(ended.err.find("months"), std::string::npos) << ended.err;
}

TEST_F(BadInput, UnknownBehaviourOptionAndCommand) {
    expect(program.run(short_run({"--neutral", "brths"})), ErrorKind::usage, "'births'");
    expect(program.run(short_run({"--colour", "red"})), ErrorKind::usage, "--colour");
    expect(program.run({"rum"}), ErrorKind::usage, "rum");
    expect(program.run(short_run({"--threads", "-1"})), ErrorKind::usage, "threads");
}

TEST_F(BadInput, UnwritablePath) {
    expect(program.run({"run", baseline, "--scale", "1/16", "--months", "1", "--out", (program.folder() / "no/such/folder/r.h5").string()}),
           ErrorKind::cannot_write, "no/such/folder");
}

TEST_F(BadInput, ForeignFileUnderTheResultsName) {
    const fs::path letter = program.folder() / "letter.txt";
    std::ofstream(letter) << "dear reader";
    const Ended ended = program.run({"run", baseline, "--scale", "1/16", "--months", "1", "--out", letter.string()});
    expect(ended, ErrorKind::cannot_write, "letter.txt");
    EXPECT_EQ(Program::text(letter), "dear reader");
}

TEST_F(BadInput, FullDisk) {
    // A limit on the size of files stops writing in the middle, as a full disk does. The first run leaves the
    // population in the cache, so that the results are what does not fit.
    const std::string warm = (program.folder() / "warm.h5").string();
    ASSERT_EQ(program.run({"run", baseline, "--scale", "1/16", "--months", "1", "--quiet", "--out", warm}).code, 0);
    const auto limit = [] {
        const rlimit small{64 * 1024, 64 * 1024};
        setrlimit(RLIMIT_FSIZE, &small);
    };
    expect(program.run(short_run({}), limit), ErrorKind::cannot_write, "results.h5");
}

TEST_F(BadInput, TruncatedPack) {
    const fs::path pack = program.folder() / "pack";
    fs::copy(Program::source("scenarios/xicheng"), pack, fs::copy_options::recursive);
    fs::resize_file(pack / "dwellings.csv", fs::file_size(pack / "dwellings.csv") / 2);
    const Ended ended = program.run(short_run({"--set", "run.district=" + pack.string()}));
    EXPECT_EQ(ended.code, static_cast<int>(ErrorKind::bad_district)) << ended.err;
    EXPECT_NE(ended.err.find("dwellings.csv"), std::string::npos) << ended.err;
    EXPECT_FALSE(fs::exists(out));
}

/// Whether the program has begun to see to Ctrl-C (or is gone): proc(5), SigCgt.
bool catches_interrupt(pid_t child) {
    std::ifstream status("/proc/" + std::to_string(child) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("State:") && line.find('Z') != std::string::npos) return true;
        if (line.starts_with("SigCgt:")) return ((std::stoull(line.substr(7), nullptr, 16) >> (SIGINT - 1)) & 1U) != 0;
    }
    return true;
}

TEST_F(BadInput, Interrupt) {
    const auto interrupt = [](pid_t child) {
        while (!catches_interrupt(child)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        kill(child, SIGINT);
    };
    expect(program.run({"run", baseline, "--out", out.string()}, {}, interrupt), ErrorKind::interrupted, "interrupted");
}

TEST_F(BadInput, MessagesComeInChinese) {
    const Ended ended = program.run({"run", "nowhere.toml", "--lang", "zh", "--out", out.string()});
    EXPECT_EQ(ended.code, static_cast<int>(ErrorKind::missing_file));
    const Ended english = program.run({"run", "nowhere.toml", "--out", out.string()});
    EXPECT_NE(ended.err, english.err);
    EXPECT_NE(ended.err.find("nowhere.toml"), std::string::npos);
}

}  // namespace
}  // namespace hutong
