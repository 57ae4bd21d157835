package io.navarch.controllers.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.namespace.NamespaceController.Seen;
import io.navarch.model.AnyObject;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Namespace;
import io.navarch.model.NamespaceCondition;
import io.navarch.model.Resources;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamespaceControllerTest {
    private static final Instant DELETED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = DELETED.plusSeconds(20);

    private final NamespaceController controller = new NamespaceController();

    private static Namespace namespace() {
        return Namespace.builder()
                .metadata(metadata ->
                        metadata.name("ns").uid("u").resourceVersion("7").deletionTimestamp(DELETED))
                .spec(spec -> spec.addFinalizers("example.org/mine").addFinalizers("kubernetes"))
                .build();
    }

    private static Contents contents(ResourceType<?> type, String... objects) {
        return Contents.of(
                type,
                List.of(objects).stream()
                        .map(text -> AnyObject.of(View.of(Yaml.parse("{metadata: {" + text + "}}"))))
                        .toList());
    }

    private Decision decide(Namespace namespace, Contents... contents) {
        return controller.decide(new Seen(namespace, Optional.of(List.of(contents))), NOW);
    }

    @Test
    void nothingIsDoneWhileTheContentsAreNotKnown() {
        assertThat(controller.decide(new Seen(namespace(), Optional.empty()), NOW))
                .isEqualTo(Decision.NOTHING);
    }

    @Test
    void anEmptyNamespaceIsReleasedFromItsOwnFinalizerOnly() {
        var update = (Action.Update) decide(namespace()).actions().getFirst();
        assertThat(update.subresource()).isEqualTo("finalize");
        var released = Namespace.of(View.of(update.object()));
        assertThat(released.spec().finalizers()).containsExactly("example.org/mine");
        assertThat(released.metadata().hasResourceVersion()).isFalse();
        assertThat(decide(released)).isEqualTo(Decision.NOTHING);
    }

    @Test
    void whatLivesIsDeletedAndLookedForAtOnce() {
        var decision = decide(
                namespace(),
                contents(Resources.SECRETS, "name: a", "name: b"),
                contents(Resources.CONFIG_MAPS, "name: c, deletionTimestamp: x"));
        assertThat(decision.actions()).containsExactly(new Action.DeleteCollection(Resources.SECRETS, "ns"));
        assertThat(decision.requeueAfter()).contains(Duration.ZERO);
    }

    @Test
    void conditionsSayWhatRemains() {
        var remaining = contents(
                Resources.DEPLOYMENTS,
                "name: a, deletionTimestamp: x, finalizers: [f1, f2]",
                "name: b, deletionTimestamp: x, finalizers: [f1]");
        var decision = decide(namespace(), remaining, contents(Resources.SECRETS, "name: c, deletionTimestamp: x"));
        var patch = (Action.Patch) decision.actions().getFirst();
        assertThat(Namespace.of(View.of(patch.patch())).status().conditions())
                .filteredOn(condition -> condition.status() == ConditionStatus.TRUE)
                .extracting(NamespaceCondition::message)
                .containsExactly(
                        "Some resources are remaining: deployments.apps has 2 resource instances, secrets. has 1 resource instances",
                        "Some content in the namespace has finalizers remaining: f1 in 2 resource instances, f2 in 1 resource instances");
        assertThat(decision.waitingOn()).hasSize(2);
        // What goes on is looked at again soon.
        assertThat(decision.requeueAfter()).contains(Duration.ofMillis(300));
    }

    /// Whose server does not answer may have objects: nothing is finished before it has.
    @Test
    void whatCannotBeAskedIsWaitedForAndNamed() {
        var seen = new Seen(
                namespace(),
                Optional.of(List.of()),
                List.of("b.example.com/v1", "a.example.com/v1"),
                List.of("HTTP 503: no"));
        var decision = controller.decide(seen, NOW);
        var patch = (Action.Patch) decision.actions().getFirst();
        assertThat(Namespace.of(View.of(patch.patch())).status().conditions())
                .extracting(condition -> condition.status() + " " + condition.reason() + " " + condition.message())
                .containsExactly(
                        "True DiscoveryFailed Discovery failed for some groups, 2 failing: unable to retrieve the"
                                + " complete list of server APIs: a.example.com/v1: stale GroupVersion discovery:"
                                + " a.example.com/v1, b.example.com/v1: stale GroupVersion discovery: b.example.com/v1",
                        "False ParsedGroupVersions All legacy kube types successfully parsed",
                        "True ContentDeletionFailed Failed to delete all resource types, 1 remaining: HTTP 503: no",
                        "False ContentRemoved All content successfully removed",
                        "False ContentHasNoFinalizers All content-preserving finalizers finished");
        assertThat(decision.requeueAfter()).isPresent();
    }

    @Test
    void whatStandsStillIsLookedAtEverMoreSeldom() {
        var held = contents(Resources.SECRETS, "name: c, deletionTimestamp: x");
        var patch = (Action.Patch) decide(namespace(), held).actions().getFirst();
        var told = namespace().toBuilder()
                .status(Namespace.of(View.of(patch.patch())).status())
                .build();
        var again = decide(told, held);
        assertThat(again.actions()).isEmpty();
        assertThat(again.requeueAfter()).contains(Duration.ofSeconds(5));
        var late = controller.decide(new Seen(told, Optional.of(List.of(held))), NOW.plus(Duration.ofDays(1)));
        assertThat(late.requeueAfter()).contains(Duration.ofSeconds(15));
    }
}
