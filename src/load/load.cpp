#include "dangbo/load/load.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <numeric>
#include <system_error>
#include <thread>
#include <utility>

#include "load/block_file.hpp"
#include "load/file_reader.hpp"
#include "load/plan_files.hpp"
#include "load/same_schema.hpp"

namespace dangbo::inline v1::load {

namespace {

using detail::FileJob;
using detail::FileRows;

// Bytes between two calls of the progress callback: about a fifth of a second of reading.
constexpr std::uint64_t kReportEvery = std::uint64_t{32} << 20;
// Below this a second thread costs more than it saves.
constexpr std::uint64_t kWorthAThread = std::uint64_t{8} << 20;

// Reads several files with the calling thread and at most one more. Which thread reads what shows
// in nothing but the time it takes.
class Reading {
 public:
  Reading(const std::vector<FileJob>& jobs, const Progress& progress)
      : jobs_(jobs), progress_(progress), results_(jobs.size()), order_(jobs.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    // The largest first, so that both threads end at about the same time.
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return jobs_[a].size != jobs_[b].size ? jobs_[a].size > jobs_[b].size : a < b;
    });
    for (const FileJob& job : jobs_) total_ += job.size;
  }

  absl::Status run() {
    if (jobs_.empty()) return absl::OkStatus();
    if (!report(order_.front())) return cancelled();
    const bool is_shared = jobs_.size() > 1 && jobs_[order_.front()].size >= kWorthAThread;
    {
      Helper helper(*this);
      if (is_shared) helper.start();
      read_files([this](std::size_t job, std::uint64_t bytes) {
        const std::uint64_t done = done_.fetch_add(bytes) + bytes;
        return done - reported_ < kReportEvery ? !stop_.load() : report(job);
      });
      if (helper.is_running()) wait_for_helper();
    }
    if (is_out_of_memory_) {
      return absl::ResourceExhaustedError("not enough memory for these files; nothing was added");
    }
    if (stop_.load() || !report(order_.back())) return cancelled();
    return absl::OkStatus();
  }

  [[nodiscard]] std::vector<FileRows>& results() noexcept { return results_; }

 private:
  // The second thread. Joined in every case, also when the host's callback throws.
  class Helper {
   public:
    explicit Helper(Reading& reading) : reading_(reading) {}
    ~Helper() {
      if (!thread_.joinable()) return;
      // Nothing to do but to wait when all went well: then it has already ended.
      if (!reading_.is_helper_done()) reading_.stop_.store(true);
      thread_.join();
    }
    Helper(const Helper&) = delete;
    Helper& operator=(const Helper&) = delete;

    void start() {
      try {
        thread_ = std::thread([this] { reading_.help(); });
      } catch (const std::system_error&) {
        // No second thread to be had: the first reads everything.
      }
    }
    [[nodiscard]] bool is_running() const noexcept { return thread_.joinable(); }

   private:
    Reading& reading_;
    std::thread thread_;
  };

  static absl::Status cancelled() { return absl::CancelledError("the load was cancelled"); }

  // On the calling thread only.
  bool report(std::size_t job) {
    reported_ = done_.load();
    // A file may grow while it is read.
    const std::uint64_t done = total_ == 0 ? reported_ : std::min(reported_, total_);
    if (progress_ && !progress_(jobs_[job].source, done, total_)) stop_.store(true);
    return !stop_.load();
  }

  template <typename Tick>
  void read_files(const Tick& tick) {
    try {
      for (;;) {
        const std::size_t turn = next_.fetch_add(1);
        if (turn >= order_.size() || stop_.load()) return;
        const std::size_t job = order_[turn];
        results_[job] =
            detail::read_file(jobs_[job], [&](std::uint64_t bytes) { return tick(job, bytes); });
      }
    } catch (const std::bad_alloc&) {
      is_out_of_memory_.store(true);
      stop_.store(true);
    }
  }

  void help() {
    read_files([this](std::size_t job, std::uint64_t bytes) {
      done_.fetch_add(bytes);
      const std::lock_guard lock(mutex_);
      helper_job_ = job;
      news_.notify_one();
      return !stop_.load();
    });
    const std::lock_guard lock(mutex_);
    helper_done_ = true;
    news_.notify_one();
  }

  bool is_helper_done() {
    const std::lock_guard lock(mutex_);
    return helper_done_;
  }

  void wait_for_helper() {
    std::unique_lock lock(mutex_);
    while (!helper_done_) {
      news_.wait(lock, [&] { return helper_done_ || done_.load() - reported_ >= kReportEvery; });
      if (helper_done_) break;
      const std::size_t job = helper_job_;
      lock.unlock();
      report(job);
      lock.lock();
    }
  }

  const std::vector<FileJob>& jobs_;
  const Progress& progress_;
  std::vector<FileRows> results_;
  std::vector<std::size_t> order_;
  std::uint64_t total_ = 0;
  std::uint64_t reported_ = 0;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::uint64_t> done_{0};
  std::atomic<bool> stop_{false};
  std::atomic<bool> is_out_of_memory_{false};
  std::mutex mutex_;
  std::condition_variable news_;
  std::size_t helper_job_ = 0;  // these two under mutex_
  bool helper_done_ = false;
};

// `before`: what was wrong before any file was opened.
absl::Status read_into(registry::Change& change, const std::vector<FileJob>& jobs,
                       base::ProblemList before, const Progress& progress) {
  Reading reading(jobs, progress);
  if (absl::Status status = reading.run(); !status.ok()) return status;
  change.add_problems(std::move(before));
  for (FileRows& rows : reading.results()) {
    for (registry::Change::Batch& batch : rows.batches) change.add_batch(std::move(batch));
    change.add_problems(std::move(rows.problems));
  }
  return absl::OkStatus();
}

// A table that is there already, the same in every respect, is no problem: the folder was loaded
// before.
void declare(registry::Registry& registry, const std::shared_ptr<const table::Schema>& schema,
             const std::string& source, base::ProblemList& problems) {
  if (const auto known = registry.find_schema(schema->name())) {
    if (detail::is_same_schema(*known, *schema)) return;
  }
  const base::ProblemList refusal = base::problems_of(registry.declare(schema));
  for (base::Problem problem : refusal.kept()) {
    problem.place = {.file = source, .row = 0, .column = schema->name()};
    problems.add(std::move(problem));
  }
}

}  // namespace

absl::Status add_files(registry::Registry& registry, registry::Change& change,
                       std::span<const std::string> paths, const LoadOptions& options) {
  detail::FoundFiles found = detail::find_files(paths);
  base::ProblemList problems = std::move(found.problems);
  for (const detail::FoundFile& file : found.schemas) {
    const SchemaFile schema_file = read_schema_file(file.path, problems);
    for (const auto& schema : schema_file.tables) {
      declare(registry, schema, file.source, problems);
    }
    if (schema_file.synthetic) change.mark_synthetic();
  }
  const std::vector<FileJob> jobs = detail::plan_jobs(registry, found, problems);
  return read_into(change, jobs, std::move(problems), options.progress);
}

absl::Status add_file(const registry::Registry& registry, registry::Change& change,
                      std::string_view table_name, const std::string& path,
                      const LoadOptions& options) {
  const auto schema = registry.find_schema(detail::shown(table_name));
  if (schema == nullptr) {
    change.add_problem(
        detail::unknown_table(registry, detail::shown(table_name), detail::shown(path)));
    return absl::OkStatus();
  }
  const std::vector<FileJob> jobs = {{path, detail::shown(path), schema, detail::size_of(path)}};
  return read_into(change, jobs, {}, options.progress);
}

}  // namespace dangbo::inline v1::load
