package io.navarch.reconcile;

import io.navarch.objects.Lens;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import java.util.List;

/// What is told of an action once it has gone well or badly. `%s` in `message` becomes the name of the object that was
/// made, in `failureMessage` the error; an empty reason tells nothing.
///
/// @param done recorded when it goes well
/// @param failed recorded when it does not
public record EventTemplate(
        View about,
        String reason,
        String message,
        String failure,
        String failureMessage,
        List<Metric.Sample> done,
        List<Metric.Sample> failed) {
    public static final EventTemplate NONE = new EventTemplate(View.ABSENT, "", "", "", "");

    public EventTemplate(Lens about, String reason, String message, String failure, String failureMessage) {
        this(View.over(about), reason, message, failure, failureMessage, List.of(), List.of());
    }

    /// The same, with something to record.
    public EventTemplate counting(List<Metric.Sample> whenDone, List<Metric.Sample> whenFailed) {
        return new EventTemplate(about, reason, message, failure, failureMessage, whenDone, whenFailed);
    }

    /// As most controllers tell that they made something.
    public static EventTemplate created(Lens about, String what) {
        return new EventTemplate(
                about, "SuccessfulCreate", "Created " + what + ": %s", "FailedCreate", "Error creating: %s");
    }

    /// As most controllers tell that they deleted something.
    public static EventTemplate deleted(Lens about, String what, String name) {
        return new EventTemplate(
                about, "SuccessfulDelete", "Deleted " + what + ": " + name, "FailedDelete", "Error deleting: %s");
    }

    String success(String name) {
        return message.replace("%s", name);
    }

    String refusal(String error) {
        return failureMessage.replace("%s", error);
    }
}
