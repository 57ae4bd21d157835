package io.navarch.admission;

import io.navarch.model.Status;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Trees;
import io.navarch.objects.View;

/// Why a webhook has not said yes.
sealed interface HookFailure {
    int BAD_REQUEST = 400;

    /// It gave no answer that counts.
    ///
    /// @param code as metrics have it
    record NoAnswer(String why, int code) implements HookFailure {}

    /// It said no.
    record Denied(ApiException answer) implements HookFailure {}

    /// Something went wrong that is not its fault, or that it cannot be asked for.
    record Internal(ApiException answer) implements HookFailure {}

    /// @param status what the webhook says about it
    static Denied denied(String hook, View status) {
        var answer = status.exists() ? Trees.copy(status.map()) : Trees.map();
        var by = "admission webhook " + GoText.quoted(hook) + " denied the request";
        var message = status.get(Status.MESSAGE).string();
        var reason = status.get(Status.REASON).string();
        var words = message.isEmpty() ? reason : message;
        answer.put(Status.MESSAGE, words.isEmpty() ? by + " without explanation" : by + ": " + words);
        if (status.get(Status.CODE).longOr(0) < BAD_REQUEST) answer.put(Status.CODE, (long) BAD_REQUEST);
        var said = status.get(Status.STATUS).string();
        if (said.isEmpty() || said.equals("Success")) answer.put(Status.STATUS, "Failure");
        return new Denied(ApiException.told(answer));
    }

    static Internal noDryRun(String hook) {
        return new Internal(
                ApiException.badRequest("admission webhook " + GoText.quoted(hook) + " does not support dry run"));
    }

    /// What is said of one that gave no answer.
    static String failed(Hook hook, NoAnswer failure) {
        return "failed calling webhook " + GoText.quoted(hook.name()) + ": " + failure.why;
    }
}
