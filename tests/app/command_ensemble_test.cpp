// `hutong ensemble` as a user runs it, at 1/16 of the people.
#include <sys/resource.h>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "program.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

class EnsembleCommand : public testing::Test {
protected:
    Program program;
    const std::string baseline = Program::source("scenarios/baseline.toml").string();
    Ended ensemble(std::vector<std::string> more, const std::function<void(pid_t)>& meanwhile = {}) const {
        std::vector<std::string> args{"ensemble", baseline, "--scale", "1/16", "--months", "3"};
        args.insert(args.end(), more.begin(), more.end());
        return program.run(args, {}, meanwhile);
    }
    fs::path in_folder(const std::string& name) const { return program.folder() / name; }
};

TEST_F(EnsembleCommand, WritesTheSameFileAsARunOneAfterAnotherAndLeavesNoParts) {
    const Ended many = ensemble({"--replicates", "4", "--threads", "2", "--out", "many.h5", "--json"});
    ASSERT_EQ(many.code, 0) << many.err;
    EXPECT_NE(many.err.find("4 runs, 2 at once"), std::string::npos) << many.err;
    const auto json = nlohmann::json::parse(many.out);
    EXPECT_EQ(json["interval"], "chance");
    const auto& population = json["summary"]["population"];
    EXPECT_LE(population["p05"], population["median"]);
    EXPECT_LE(population["median"], population["p95"]);
    EXPECT_GT(population["standard_error"], 0.0);
    EXPECT_FALSE(fs::exists(in_folder("many.h5.parts")));
    const Ended one = program.run(
        {"run", baseline, "--scale", "1/16", "--months", "3", "--replicates", "4", "--threads", "1", "--quiet", "--out", "one.h5"});
    ASSERT_EQ(one.code, 0) << one.err;
    EXPECT_TRUE(Program::text(in_folder("many.h5")) == Program::text(in_folder("one.h5")));
}

TEST_F(EnsembleCommand, KilledAndResumedGivesTheSameFile) {
    ASSERT_EQ(ensemble({"--replicates", "6", "--out", "whole.h5", "--quiet"}).code, 0);
    const fs::path parts = in_folder("cut.h5.parts");
    const Ended killed = ensemble({"--replicates", "6", "--threads", "1", "--out", "cut.h5", "--quiet"}, [&](pid_t child) {
        for (int i = 0; i < 2000 && !fs::exists(parts / "part-0000001.bin"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        kill(child, SIGKILL);
    });
    ASSERT_EQ(killed.code, 1000 + SIGKILL);
    EXPECT_FALSE(fs::exists(in_folder("cut.h5")));
    EXPECT_EQ(ensemble({"--replicates", "6", "--out", "cut.h5", "--quiet"}).code, 7);  // cannot_write: nothing is lost unasked
    const Ended resumed = ensemble({"--replicates", "6", "--out", "cut.h5", "--resume", "--json"});
    ASSERT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_EQ(resumed.err.find("6 runs"), std::string::npos) << resumed.err;
    EXPECT_TRUE(Program::text(in_folder("whole.h5")) == Program::text(in_folder("cut.h5")));
    EXPECT_FALSE(fs::exists(parts));
}

TEST_F(EnsembleCommand, CtrlCKeepsWhatIsFinished) {
    const fs::path parts = in_folder("i.h5.parts");
    const Ended ended = ensemble({"--replicates", "40", "--threads", "1", "--out", "i.h5"}, [&](pid_t child) {
        for (int i = 0; i < 2000 && !fs::exists(parts / "part-0000000.bin"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        kill(child, SIGINT);
    });
    EXPECT_EQ(ended.code, 130);
    EXPECT_NE(ended.err.find("--resume"), std::string::npos) << ended.err;
    EXPECT_TRUE(fs::exists(parts / "part-0000000.bin"));
    EXPECT_FALSE(fs::exists(in_folder("i.h5")));
}

TEST_F(EnsembleCommand, AFullDiskIsOneMessageAndLosesNoFinishedReplicate) {
    // Nine months: rows of a replicate in flight are written several times.
    const auto nine_months = [&](const std::string& out, std::vector<std::string> more, const std::function<void()>& limit = {}) {
        more.insert(more.begin(), {"ensemble", baseline, "--scale", "1/16", "--months", "9", "--replicates", "3", "--threads", "1", "--out",
                                   out, "--quiet"});
        return program.run(more, limit);
    };
    ASSERT_EQ(nine_months("whole.h5", {"--keep-parts"}).code, 0);
    const std::string whole = Program::text(in_folder("whole.h5"));
    const auto part = static_cast<rlim_t>(fs::file_size(in_folder("whole.h5.parts") / "part-0000000.bin"));
    // Files may not grow beyond this, as on a full disk: at the first or a later turn of waiting rows, or at the part itself.
    struct Full {
        rlim_t bytes;
        std::string file;
    };
    for (const auto& [bytes, file] : {Full{50'000, ".rows.part'"}, Full{part / 2, ".rows.part'"}, Full{part - 1, "part-0000000.bin'"}}) {
        const std::string out = "full-" + std::to_string(bytes) + ".h5";
        const Ended full = nine_months(out, {}, [most = rlimit{bytes, bytes}] { setrlimit(RLIMIT_FSIZE, &most); });
        EXPECT_EQ(full.code, 7) << full.err;
        EXPECT_EQ(lines(full.err), 1U) << full.err;
        EXPECT_NE(full.err.find("the disk is full"), std::string::npos) << full.err;
        EXPECT_NE(full.err.find(file), std::string::npos) << full.err;
        EXPECT_FALSE(fs::exists(in_folder(out)));
        for (const auto& left : fs::directory_iterator(in_folder(out + ".parts"))) ADD_FAILURE() << left.path() << " is left";
        const Ended resumed = nine_months(out, {"--resume"});
        ASSERT_EQ(resumed.code, 0) << resumed.err;
        EXPECT_TRUE(Program::text(in_folder(out)) == whole);
    }
    // The disk is full when one replicate is finished: it stays, and the rest is made when there is room again.
    fs::create_directory(in_folder("later.h5.parts"));
    const fs::path finished = in_folder("later.h5.parts") / "part-0000000.bin";
    fs::copy_file(in_folder("whole.h5.parts") / "part-0000000.bin", finished);
    const auto made = fs::last_write_time(finished);
    const Ended later = nine_months("later.h5", {"--resume"}, [] {
        const rlimit most{50'000, 50'000};
        setrlimit(RLIMIT_FSIZE, &most);
    });
    EXPECT_EQ(later.code, 7) << later.err;
    EXPECT_NE(later.err.find("part-0000001.bin.rows.part'"), std::string::npos) << later.err;
    EXPECT_FALSE(fs::exists(in_folder("later.h5")));
    ASSERT_TRUE(fs::exists(finished));
    EXPECT_EQ(fs::last_write_time(finished), made);
    EXPECT_EQ(std::distance(fs::directory_iterator(finished.parent_path()), fs::directory_iterator()), 1);
    const Ended resumed = nine_months("later.h5", {"--resume"});
    ASSERT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_TRUE(Program::text(in_folder("later.h5")) == whole);
}

TEST_F(EnsembleCommand, LongRunsAreAskedFor) {
    const Ended ended = ensemble({"--replicates", "90000", "--out", "long.h5"});
    EXPECT_EQ(ended.code, 2);
    EXPECT_NE(ended.err.find("--yes"), std::string::npos) << ended.err;
    EXPECT_FALSE(fs::exists(in_folder("long.h5")));
}

TEST_F(EnsembleCommand, RefusesWhatMakesNoSense) {
    for (const char* replicates : {"0", "-3", "many"}) {
        const Ended ended = ensemble({"--replicates", replicates, "--out", "bad.h5"});
        EXPECT_NE(ended.code, 0) << replicates;
        EXPECT_EQ(lines(ended.err), 1U) << ended.err;
        EXPECT_FALSE(fs::exists(in_folder("bad.h5.parts")));
    }
    std::ofstream(in_folder("mine.txt")) << "not a results file";
    const Ended ended = ensemble({"--replicates", "2", "--out", "mine.txt"});
    EXPECT_EQ(ended.code, 7);
    EXPECT_EQ(Program::text(in_folder("mine.txt")), "not a results file");
}

}  // namespace
}  // namespace hutong
