#include "core/safe_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

namespace hutong {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SafeFile : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "hutong_safe_file_XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override {
        fs::permissions(folder_, fs::perms::owner_all);
        fs::remove_all(folder_);
    }
    std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator())); }
    fs::path folder_;
};

/// Kind and text of the error of an action.
template <class Action>
std::pair<ErrorKind, std::string> error_of(Action&& action) {
    try {
        action();
    } catch (const Error& error) {
        return {error.kind(), error.what()};
    }
    return {ErrorKind::internal, "no error"};
}

TEST_F(SafeFile, ReadsWhatItWrites) {
    rc::check([&](const std::string& bytes) {
        write_safely(folder_ / "a", bytes);
        RC_ASSERT(read_file(folder_ / "a") == bytes);
        RC_ASSERT(files() == 1U);
    });
}

TEST_F(SafeFile, JoinsPieces) {
    const std::vector<std::string_view> pieces = {"one ", "", "two"};
    write_safely(folder_ / "a", pieces);
    EXPECT_EQ(read_file(folder_ / "a"), "one two");
}

TEST_F(SafeFile, ReplacesWholeAndIsReadableByAll) {
    const mode_t mask = ::umask(022);
    write_safely(folder_ / "a", std::string(10'000, 'x'));
    write_safely(folder_ / "a", "short");
    ::umask(mask);
    EXPECT_EQ(read_file(folder_ / "a"), "short");
    struct stat info {};
    ASSERT_EQ(::stat((folder_ / "a").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0644U);
}

TEST_F(SafeFile, SaysWhyItCannotWrite) {
    auto [kind, text] = error_of([&] { write_safely(folder_ / "no" / "a", "x"); });
    EXPECT_EQ(kind, ErrorKind::cannot_write);
    EXPECT_THAT(text, HasSubstr("its folder does not exist"));
    std::tie(kind, text) = error_of([&] { write_safely(folder_, "x"); });
    EXPECT_THAT(text, HasSubstr("it is a folder"));
    write_safely(folder_ / "file", "x");
    std::tie(kind, text) = error_of([&] { write_safely(folder_ / "file" / "a", "x"); });
    EXPECT_THAT(text, HasSubstr("its folder does not exist"));
    std::tie(kind, text) = error_of([&] { check_writable(folder_ / "a", std::uint64_t{1} << 60); });
    EXPECT_THAT(text, HasSubstr("the disk is full"));
    EXPECT_NO_THROW(check_writable(folder_ / "a", 1));
    EXPECT_EQ(files(), 1U) << "asking leaves nothing behind";
    // /proc takes no files whoever asks, so this holds for root as well
    std::tie(kind, text) = error_of([&] { write_safely("/proc/hutong_test", "x"); });
    EXPECT_EQ(kind, ErrorKind::cannot_write);
}

TEST_F(SafeFile, NotPermitted) {
    if (::geteuid() != 0) {
        fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
        EXPECT_THAT(error_of([&] { write_safely(folder_ / "a", "x"); }).second, HasSubstr("not permitted"));
        return;
    }
    fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);  // root writes anywhere: be somebody else in a child
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        if (::setuid(65534) != 0) ::_exit(2);
        const auto [kind, text] = error_of([&] { write_safely(folder_ / "a", "x"); });
        ::_exit(kind == ErrorKind::cannot_write && text.find("not permitted") != std::string::npos ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

/// The disk "fills up" in the middle of writing: files may not grow beyond 64 KiB here.
TEST_F(SafeFile, FullDiskLeavesTheOldFileAndNothingElse) {
    write_safely(folder_ / "a", "old");
    struct rlimit before {};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small { 65'536, before.rlim_max };
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto [kind, text] = error_of([&] { write_safely(folder_ / "a", std::string(1'000'000, 'x')); });
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, handler);
    EXPECT_EQ(kind, ErrorKind::cannot_write);
    EXPECT_THAT(text, HasSubstr("the disk is full"));
    EXPECT_EQ(read_file(folder_ / "a"), "old");
    EXPECT_EQ(files(), 1U) << "the temporary is gone";
}

TEST_F(SafeFile, LeftoversOfAnotherRunAreNoObstacle) {
    std::ofstream(fmt::format("{}.{}.0.part", (folder_ / "a").string(), ::getpid())) << "left over";
    write_safely(folder_ / "a", "new");
    EXPECT_EQ(read_file(folder_ / "a"), "new");
}

TEST_F(SafeFile, ReadingHasLimitsAndReasons) {
    write_safely(folder_ / "a", std::string(100, 'x'));
    EXPECT_EQ(read_file(folder_ / "a", 100).size(), 100U);
    EXPECT_EQ(error_of([&] { read_file(folder_ / "a", 99); }).first, ErrorKind::too_large);
    EXPECT_EQ(error_of([&] { read_file("/dev/zero", 1'000'000); }).first, ErrorKind::too_large) << "a file without an end";
    EXPECT_THAT(error_of([&] { read_file(folder_ / "b"); }).second, HasSubstr("no such file"));
    EXPECT_THAT(error_of([&] { read_file(folder_); }).second, HasSubstr("it is a folder"));
    EXPECT_EQ(error_of([&] { read_file(folder_); }).first, ErrorKind::missing_file);
}

TEST(Checksum, FindsEveryChange) {
    rc::check([](const std::string& payload) {
        std::string bytes = payload;
        append_checksum(bytes);
        RC_ASSERT(checked_payload(bytes, "c") == payload);
        RC_ASSERT(bytes == payload + checksum_trailer(payload));
        std::string broken = bytes;
        broken[*rc::gen::inRange<std::size_t>(0, broken.size())] ^= 1;
        RC_ASSERT_THROWS_AS(checked_payload(broken, "c"), Error);
        const std::string cut = bytes.substr(0, *rc::gen::inRange<std::size_t>(0, bytes.size()));
        RC_ASSERT_THROWS_AS(checked_payload(cut, "c"), Error);
        RC_ASSERT_THROWS_AS(checked_payload(bytes + "x", "c"), Error);
    });
}

}  // namespace
}  // namespace hutong
