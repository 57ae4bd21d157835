package io.navarch.controllers.job;

import io.navarch.controllers.ReasonKind;

/// What the conditions and events of Jobs say, and what a Job waits for.
enum JobReason implements ReasonKind {
    BACKOFF_LIMIT_EXCEEDED("BackoffLimitExceeded", "Job has reached the specified backoff limit"),
    DEADLINE_EXCEEDED("DeadlineExceeded", "Job was active longer than specified deadline"),
    MAX_FAILED_INDEXES_EXCEEDED(
            "MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes"),
    FAILED_INDEXES("FailedIndexes", "Job has failed indexes"),
    POD_FAILURE_POLICY("PodFailurePolicy", "{}"),
    SUCCESS_POLICY("SuccessPolicy", "Matched rules at index {}"),
    COMPLETIONS_REACHED("CompletionsReached", "Reached expected number of succeeded pods"),
    TOO_MANY_SUCCEEDED_PODS("TooManySucceededPods", "Too many succeeded pods received, {}"),
    JOB_SUSPENDED("JobSuspended", "Job suspended"),
    JOB_RESUMED("JobResumed", "Job resumed"),
    SUSPENDED("Suspended", "Job suspended"),
    RESUMED("Resumed", "Job resumed"),
    COMPLETED("Completed", "Job completed"),
    POD_FAILURE_BACKOFF("PodFailureBackoff", "waiting {} after failed pods");

    private final String reason;
    private final String text;

    JobReason(String reason, String text) {
        this.reason = reason;
        this.text = text;
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public String text() {
        return text;
    }
}
