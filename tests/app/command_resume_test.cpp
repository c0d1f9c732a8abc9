// `hutong run --checkpoint-every` and `hutong resume`: killed at any moment, the end is the same.
#include <sys/resource.h>

#include <chrono>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/draw.h"
#include "program.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

constexpr int kills = 30;

class ResumeCommand : public testing::Test {
protected:
    Program program;
    const std::string baseline = Program::source("scenarios/baseline.toml").string();
    Ended run(std::vector<std::string> more, const std::function<void(pid_t)>& meanwhile = {},
              const std::function<void()>& in_child = {}) const {
        std::vector<std::string> args{"run", baseline, "--scale", "1/16", "--months", "12", "--json"};
        args.insert(args.end(), more.begin(), more.end());
        return program.run(args, in_child, meanwhile);
    }
    static std::string hash_of(const Ended& ended) { return nlohmann::json::parse(ended.out)["state_hash"].get<std::string>(); }
};

TEST_F(ResumeCommand, KilledAtThirtyMomentsEndsWithTheSameHashAndFile) {
    const auto start = std::chrono::steady_clock::now();
    const Ended whole = run({"--out", "whole.h5", "--checkpoint-every", "1"});
    ASSERT_EQ(whole.code, 0) << whole.err;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    EXPECT_FALSE(fs::exists(program.folder() / "whole.h5.checkpoints"));
    const std::string expected = Program::text(program.folder() / "whole.h5");
    int resumed = 0, cut = 0;
    // Several kills hit one run: it is resumed and killed again until it ends.
    while (cut < kills) {
        fs::remove(program.folder() / "cut.h5");
        std::vector<std::string> args;
        for (bool again = false;; again = true) {
            const double share = unit_open(static_cast<std::uint32_t>(luck_key(7, static_cast<std::uint64_t>(cut)) >> 32));
            const auto wait = std::chrono::duration<double>(seconds * share);
            const auto meanwhile = [&](pid_t child) {
                if (cut >= kills) return;
                std::this_thread::sleep_for(wait);
                kill(child, SIGKILL);
                ++cut;
            };
            const bool can_resume = again && fs::exists(program.folder() / "cut.h5.checkpoints/run.json");
            const Ended ended = can_resume ? program.run({"resume", "cut.h5", "--json"}, {}, meanwhile)
                                           : run({"--out", "cut.h5", "--checkpoint-every", "1"}, meanwhile);
            resumed += can_resume ? 1 : 0;
            if (ended.code == 1000 + SIGKILL) continue;
            ASSERT_EQ(ended.code, 0) << ended.err;
            EXPECT_EQ(hash_of(ended), hash_of(whole));
            EXPECT_TRUE(Program::text(program.folder() / "cut.h5") == expected);
            EXPECT_FALSE(fs::exists(program.folder() / "cut.h5.checkpoints"));
            break;
        }
    }
    EXPECT_GT(resumed, kills / 3);
}

TEST_F(ResumeCommand, CtrlCSavesTheState) {
    // Long enough that the signal comes before the end on any machine.
    const auto months_120 = [&](std::vector<std::string> more, const std::function<void(pid_t)>& meanwhile = {}) {
        more.insert(more.begin(), {"run", baseline, "--scale", "1/16", "--months", "120", "--json"});
        return program.run(more, {}, meanwhile);
    };
    const Ended ended = months_120({"--out", "i.h5", "--checkpoint-every", "1000"}, [&](pid_t child) {
        for (int i = 0; i < 4000 && !fs::exists(program.folder() / "i.h5.checkpoints/run.json"); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        kill(child, SIGINT);
    });
    ASSERT_EQ(ended.code, 130) << ended.err;
    const Ended whole = months_120({"--out", "w.h5"});
    const Ended again = program.run({"resume", "i.h5", "--json"});
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(hash_of(again), hash_of(whole));
}

TEST_F(ResumeCommand, AFullDiskCostsTheCheckpointNotTheRun) {
    const Ended whole = run({"--out", "w.h5"});
    // Files may grow to 8 MB only: the results fit, a checkpoint does not. SIGXFSZ is ignored, write says EFBIG.
    const Ended limited = run({"--out", "full.h5", "--checkpoint-every", "4"}, {}, [] {
        const rlimit most{8'000'000, 8'000'000};
        setrlimit(RLIMIT_FSIZE, &most);
    });
    ASSERT_EQ(limited.code, 0) << limited.err;
    EXPECT_NE(limited.err.find("the disk is full"), std::string::npos) << limited.err;
    EXPECT_EQ(hash_of(limited), hash_of(whole));
    EXPECT_TRUE(Program::text(program.folder() / "full.h5") == Program::text(program.folder() / "w.h5"));
}

TEST_F(ResumeCommand, CtrlCWithAFullDiskDoesNotClaimThatTheStateWasSaved) {
    const auto simulating = [&] {
        std::error_code ignore;
        for (const auto& entry : fs::directory_iterator(program.folder() / "f.h5.checkpoints", ignore)) {
            if (entry.path().extension() == ".bin") return true;
        }
        return false;
    };
    const Ended ended = program.run({"run", baseline, "--scale", "1/16", "--months", "120", "--out", "f.h5", "--checkpoint-every", "1"}, {},
                                    [&](pid_t child) {
                                        for (int i = 0; i < 12000 && !simulating(); ++i)
                                            std::this_thread::sleep_for(std::chrono::milliseconds(5));
                                        const rlimit most{1'000'000, 1'000'000};  // from now on no checkpoint fits
                                        prlimit(child, RLIMIT_FSIZE, &most, nullptr);
                                        kill(child, SIGINT);
                                    });
    EXPECT_EQ(ended.code, 130) << ended.err;
    EXPECT_NE(ended.err.find("the disk is full"), std::string::npos) << ended.err;
    EXPECT_NE(ended.err.find("its state could not be saved"), std::string::npos) << ended.err;
    EXPECT_EQ(ended.err.find("its state was saved"), std::string::npos) << ended.err;
    EXPECT_EQ(program.run({"resume", "f.h5", "--json"}).code, 0);  // from the checkpoint before
}

TEST_F(ResumeCommand, SaysWhenThereIsNothingToGoOnWith) {
    const Ended ended = program.run({"resume", "nothing.h5"});
    EXPECT_EQ(ended.code, 3);
    EXPECT_EQ(lines(ended.err), 1U);
    const Ended many = run({"--out", "m.h5", "--checkpoint-every", "1", "--replicates", "2"});
    EXPECT_EQ(many.code, 2);
    EXPECT_NE(many.err.find("hutong ensemble"), std::string::npos) << many.err;
    EXPECT_NE(run({"--out", "m.h5", "--checkpoint-every", "0"}).code, 0);
}

}  // namespace
}  // namespace hutong
