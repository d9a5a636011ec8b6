import Film
import Testing

struct ShardTests {
  @Test func reads() {
    #expect(Shard(parsing: "2/3") == Shard(2, of: 3))
    for text in ["", "0/3", "4/3", "1", "1/0", "a/b", "1/2/3", "-1/2"] {
      #expect(Shard(parsing: text) == nil, "\(text)")
    }
  }

  @Test(arguments: [1, 2, 3, 7, 200]) func sharesCoverEverythingOnce(count: Int) {
    let all = (1...count).flatMap { Array(Shard($0, of: count).range(of: 120)) }
    #expect(all == Array(0..<120))
  }

  private func given(_ environment: [String: String]) -> String {
    Shard.given(by: environment).description
  }

  @Test func launchers() {
    #expect(given([:]) == "1/1")
    #expect(given(["OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "3"]) == "2/3")
    #expect(given(["PMI_RANK": "0", "PMI_SIZE": "4"]) == "1/4")
    #expect(given(["PMI_RANK": "0", "PMI_SIZE": "1"]) == "1/1")
    #expect(given(["PMI_RANK": "5", "PMI_SIZE": "4"]) == "1/1")
    // srun: a step; a batch script of a job with four tasks is one process.
    let job = ["SLURM_PROCID": "2", "SLURM_NTASKS": "4"]
    #expect(given(job) == "1/1")
    #expect(given(job.merging(["SLURM_STEP_ID": "0"]) { $1 }) == "3/4")
    #expect(given(job.merging(["SLURM_STEP_ID": "4294967291"]) { $1 }) == "1/1")
  }

  @Test func arrayJobs() {
    let slurm = [
      "SLURM_ARRAY_TASK_ID": "6", "SLURM_ARRAY_TASK_MIN": "2", "SLURM_ARRAY_TASK_MAX": "10",
      "SLURM_ARRAY_TASK_STEP": "2",
    ]
    #expect(given(slurm) == "3/5")
    #expect(
      given(slurm.merging(["PMI_RANK": "1", "PMI_SIZE": "2"]) { $1 }) == "6/10")
    #expect(
      given([
        "SGE_TASK_ID": "3", "SGE_TASK_FIRST": "1", "SGE_TASK_LAST": "4", "SGE_TASK_STEPSIZE": "1",
      ]) == "3/4")
    #expect(given(["SGE_TASK_ID": "undefined", "SGE_TASK_FIRST": "undefined"]) == "1/1")
    #expect(given(["LSB_JOBINDEX": "2", "LSB_JOBINDEX_END": "2"]) == "2/2")
    #expect(
      given(["AWS_BATCH_JOB_ARRAY_INDEX": "0", "AWS_BATCH_JOB_ARRAY_SIZE": "9"]) == "1/9")
  }
}
