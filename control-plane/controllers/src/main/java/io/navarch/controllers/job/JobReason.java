package io.navarch.controllers.job;

import io.navarch.reconcile.Reason;
import java.time.Duration;

/// What the conditions and events of Jobs say, and what a Job waits for.
sealed interface JobReason extends Reason {
    enum Plain implements JobReason {
        BACKOFF_LIMIT_EXCEEDED("BackoffLimitExceeded", "Job has reached the specified backoff limit"),
        DEADLINE_EXCEEDED("DeadlineExceeded", "Job was active longer than specified deadline"),
        MAX_FAILED_INDEXES_EXCEEDED(
                "MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes"),
        FAILED_INDEXES("FailedIndexes", "Job has failed indexes"),
        COMPLETIONS_REACHED("CompletionsReached", "Reached expected number of succeeded pods"),
        JOB_SUSPENDED("JobSuspended", "Job suspended"),
        JOB_RESUMED("JobResumed", "Job resumed"),
        SUSPENDED("Suspended", "Job suspended"),
        RESUMED("Resumed", "Job resumed"),
        COMPLETED("Completed", "Job completed");

        private final String reason;
        private final String message;

        Plain(String reason, String message) {
            this.reason = reason;
            this.message = message;
        }

        @Override
        public String reason() {
            return reason;
        }

        @Override
        public String message() {
            return message;
        }
    }

    /// A rule of the failure policy fails the Job because of a pod.
    record PodFailurePolicy(String message) implements JobReason {
        @Override
        public String reason() {
            return "PodFailurePolicy";
        }
    }

    record SuccessPolicy(int rule) implements JobReason {
        @Override
        public String reason() {
            return "SuccessPolicy";
        }

        @Override
        public String message() {
            return "Matched rules at index " + rule;
        }
    }

    record TooManySucceededPods(int expected, int succeeded) implements JobReason {
        @Override
        public String reason() {
            return "TooManySucceededPods";
        }

        @Override
        public String message() {
            return "Too many succeeded pods received, expected " + expected + ", got " + succeeded;
        }
    }

    /// The next pod is only created some time after the last failure.
    record Backoff(Duration left) implements JobReason {
        @Override
        public String reason() {
            return "PodFailureBackoff";
        }

        @Override
        public String message() {
            return "waiting " + left + " after failed pods";
        }
    }
}
