package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.apiserver.admission.InternalErrors;
import io.navarch.apiserver.admission.ServedResource;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.patch.JsonPatch;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The webhooks that may change one write, one after the other. What a later one has changed, those that want it see
/// once more.
final class MutatingHooks {
    static final String TYPE = "admit";

    private final List<Hook> hooks;
    private final AdmissionCall call;
    private final View old;
    private final HookSelection selection;
    private final HookRound round;

    private final Set<String> seen = new HashSet<>();
    private final Set<String> wanted = new HashSet<>();
    private @Nullable Map<String, Object> last;
    private boolean repeated;
    private boolean changed;

    MutatingHooks(List<Hook> hooks, AdmissionCall call, View old, HookSelection selection, HookRound round) {
        this.hooks = hooks;
        this.call = call;
        this.old = old;
        this.selection = selection;
        this.round = round;
    }

    /// Whether somebody has changed something, so that all is to be seen again.
    boolean changed() {
        return changed;
    }

    Map<String, Object> pass(Map<String, Object> object) {
        if (repeated && !Trees.semanticEquals(last, object)) wantAgain();
        var result = object;
        for (int i = 0; i < hooks.size(); i++) result = ask(i, View.of(result));
        last = result;
        repeated = true;
        return result;
    }

    void passNothing() {
        for (int i = 0; i < hooks.size(); i++) ask(i, View.ABSENT);
    }

    private void wantAgain() {
        wanted.addAll(seen);
        seen.clear();
    }

    private Map<String, Object> ask(int number, View object) {
        var hook = hooks.get(number);
        var shown = selection.shown(hook, call, object, old, as -> show(as, object));
        var same = object.exists() ? object.map() : Map.<String, Object>of();
        // Whoever was not asked in the first round is not in the second.
        if (shown.isEmpty() || repeated && !wanted.contains(hook.id())) return same;
        var turn = "round_" + (repeated ? 1 : 0) + "_index_" + number;
        boolean own = false;
        Map<String, Object> after;
        try {
            after = round.ask(hook, shown.get(), TYPE, turn, answer -> patched(hook, shown.get(), answer))
                    .orElse(same);
            own = after != same && !Trees.semanticEquals(same, after);
        } finally {
            call.remarks().annotate("mutation.webhook.admission.k8s.io/" + turn, told(hook, own));
        }
        if (own) {
            wantAgain();
            changed = true;
        }
        // It does not want to see again what it has made itself.
        if (hook.repeatable()) seen.add(hook.id());
        return after;
    }

    private static String told(Hook hook, boolean mutated) {
        return Json.writeString(
                Trees.map("configuration", hook.configuration(), "webhook", hook.name(), "mutated", mutated));
    }

    private Shown show(ServedResource as, View object) {
        return Shown.of(call, as, object, old);
    }

    /// The object as the webhook wants it.
    private HookRound.Result patched(Hook hook, Shown shown, HookReview.Answer answer) {
        if (answer.patch().isEmpty()) return HookRound.Result.NOTHING;
        List<?> operations;
        try {
            operations = HookReview.operations(answer.patch());
        } catch (HookReview.InvalidException e) {
            return HookRound.Result.failed(
                    new HookFailure.NoAnswer("received undecodable patch in webhook response: " + e.getMessage(), 503));
        }
        if (operations.isEmpty()) return HookRound.Result.NOTHING;
        if (!shown.object().exists())
            return HookRound.Result.failed(
                    new HookFailure.Internal(InternalErrors.of("admission webhook " + GoText.quoted(hook.name())
                            + " attempted to modify the object, which is not supported for this operation")));
        if (!answer.patchType().equals("JSONPatch"))
            return HookRound.Result.failed(
                    new HookFailure.NoAnswer("unsupported patch type " + GoText.quoted(answer.patchType()), 400));
        return applied(shown, operations);
    }

    private static HookRound.Result applied(Shown shown, List<?> operations) {
        try {
            var patched = JsonPatch.apply(shown.object().map(), operations);
            if (!(patched instanceof Map<?, ?>)) throw ApiException.badRequest("the patch leaves no object");
            return HookRound.Result.of(
                    shown.call().forms().take(View.of(patched).map(), shown.as()));
        } catch (JsonPatch.UnfitException e) {
            return HookRound.Result.failed(new HookFailure.Internal(InternalErrors.of(e.why())));
        } catch (ApiException e) {
            boolean own = e.reason() == ApiException.Reason.INTERNAL_ERROR;
            return HookRound.Result.failed(new HookFailure.Internal(own ? e : InternalErrors.of(e.message())));
        }
    }
}
