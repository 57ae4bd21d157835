package io.navarch.controllers.job;

import io.navarch.controllers.ReasonKind;

/// What the conditions and events of Jobs say, and what a Job waits for.
final class JobReason {
    static final ReasonKind BACKOFF_LIMIT_EXCEEDED =
            new ReasonKind("BackoffLimitExceeded", "Job has reached the specified backoff limit");
    static final ReasonKind DEADLINE_EXCEEDED =
            new ReasonKind("DeadlineExceeded", "Job was active longer than specified deadline");
    static final ReasonKind MAX_FAILED_INDEXES_EXCEEDED = new ReasonKind(
            "MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
    static final ReasonKind FAILED_INDEXES = new ReasonKind("FailedIndexes", "Job has failed indexes");
    static final ReasonKind POD_FAILURE_POLICY = new ReasonKind("PodFailurePolicy", "{}");
    static final ReasonKind SUCCESS_POLICY = new ReasonKind("SuccessPolicy", "Matched rules at index {}");
    static final ReasonKind COMPLETIONS_REACHED =
            new ReasonKind("CompletionsReached", "Reached expected number of succeeded pods");
    static final ReasonKind TOO_MANY_SUCCEEDED_PODS =
            new ReasonKind("TooManySucceededPods", "Too many succeeded pods received, {}");
    static final ReasonKind JOB_SUSPENDED = new ReasonKind("JobSuspended", "Job suspended");
    static final ReasonKind JOB_RESUMED = new ReasonKind("JobResumed", "Job resumed");
    static final ReasonKind SUSPENDED = new ReasonKind("Suspended", "Job suspended");
    static final ReasonKind RESUMED = new ReasonKind("Resumed", "Job resumed");
    static final ReasonKind COMPLETED = new ReasonKind("Completed", "Job completed");
    static final ReasonKind POD_FAILURE_BACKOFF = new ReasonKind("PodFailureBackoff", "waiting {} after failed pods");

    private JobReason() {}
}
