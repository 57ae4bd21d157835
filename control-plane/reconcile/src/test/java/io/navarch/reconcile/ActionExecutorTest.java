package io.navarch.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.model.ConfigMap;
import io.navarch.model.ReplicaSet;
import io.navarch.model.ReplicaSetCondition;
import io.navarch.model.ReplicaSetStatus;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.process.Metric;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ActionExecutorTest {
    private static final ObjectKey KEY = new ObjectKey("ns", "owner");
    private static final Metric COUNTED = Metric.counter("counted", "[ALPHA] A test.", "what");

    private final FakeApi api = new FakeApi();
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final List<Metric.Sample> samples = Collections.synchronizedList(new ArrayList<>());
    private final ActionExecutor executor = new ActionExecutor(
            api,
            (about, type, reason, message) -> events.add(type.text() + " " + reason + ": " + message),
            samples::add,
            Set.of(Resources.CONFIG_MAPS),
            Executors::newVirtualThreadPerTaskExecutor);

    private static ConfigMap map(String name) {
        return ConfigMap.builder()
                .metadata(metadata -> metadata.name(name).namespace("ns").uid("uid-" + name))
                .build();
    }

    private static Action create(String name) {
        return new Action.Create(
                Resources.CONFIG_MAPS,
                map(name),
                EventTemplate.created(map("owner"), "map")
                        .counting(List.of(COUNTED.once("made")), List.of(COUNTED.once("refused"))));
    }

    private static Action delete(String name) {
        return new Action.Delete(Resources.CONFIG_MAPS, map(name));
    }

    private static Action update(String name) {
        return new Action.Update(Resources.CONFIG_MAPS, map(name), "");
    }

    private static ApiException refusal(ApiException.Reason reason) {
        return new ApiException(reason, "it is refused");
    }

    private void execute(Action... actions) throws InterruptedException {
        executor.execute(KEY, Decision.of(actions));
    }

    @Test
    void actionsRunInTheirOrder() throws InterruptedException {
        execute(
                update("a"),
                new Action.Patch(Resources.CONFIG_MAPS, new ObjectKey("ns", "b"), "", Trees.map()),
                new Action.Apply(Resources.CONFIG_MAPS, map("b"), "", "manager"),
                delete("c"),
                new Action.DeleteCollection(Resources.CONFIG_MAPS, "ns"),
                create("d"));
        assertThat(api.calls)
                .containsExactly("update a", "patch b", "apply b", "delete c", "deletecollection ns", "create d");
    }

    @Test
    void theFirstFailureEndsThem() {
        api.refuse("update b", refusal(ApiException.Reason.CONFLICT));
        assertThatThrownBy(() -> execute(update("a"), update("b"), update("c"))).isInstanceOf(ApiException.class);
        assertThat(api.calls).containsExactly("update a", "update b");
    }

    @Test
    void whatWasMadeAndWhatWasRefusedIsToldAndCounted() throws InterruptedException {
        execute(create("a"));
        assertThat(events).containsExactly("Normal SuccessfulCreate: Created map: a");
        assertThat(samples).containsExactly(COUNTED.once("made"));
        api.refuse("create b", refusal(ApiException.Reason.FORBIDDEN));
        assertThatThrownBy(() -> execute(create("b"))).isInstanceOf(ApiException.class);
        assertThat(events).last().isEqualTo("Warning FailedCreate: Error creating: it is refused");
        assertThat(samples).last().isEqualTo(COUNTED.once("refused"));
    }

    @Test
    void anObjectThatIsThereAlreadyIsNoFailure() throws InterruptedException {
        api.refuse("create a", refusal(ApiException.Reason.ALREADY_EXISTS));
        var instead = new Action.Create(
                Resources.CONFIG_MAPS,
                map("a").view().map(),
                EventTemplate.NONE,
                List.of(update("b")),
                Optional.empty());
        execute(instead, update("c"));
        assertThat(api.calls).containsExactly("create a", "update b", "update c");
        assertThat(events).isEmpty();
    }

    @Test
    void aRefusedCreationIsReportedInTheStatusOfItsOwner() {
        api.refuse("create a", refusal(ApiException.Reason.FORBIDDEN));
        var owner = ReplicaSet.builder()
                .metadata(metadata -> metadata.name("owner").namespace("ns"))
                .build();
        var status = ReplicaSetStatus.builder()
                .addConditions(condition -> condition.type("ReplicaFailure").message("why: %s"))
                .build();
        var refusal = new Refusal(Resources.REPLICA_SETS, owner, status, "ReplicaFailure");
        var create = new Action.Create(
                Resources.CONFIG_MAPS, map("a").view().map(), EventTemplate.NONE, List.of(), Optional.of(refusal));
        assertThatThrownBy(() -> execute(create)).hasMessage("it is refused");
        assertThat(api.calls).containsExactly("create a", "update owner");
        assertThat(ReplicaSet.of(api.written.getLast()).status().conditions())
                .extracting(ReplicaSetCondition::message)
                .containsExactly("why: it is refused");
    }

    @Test
    void nothingMoreIsDoneInANamespaceThatIsGoing() throws InterruptedException {
        var terminating = new ApiException(
                ApiException.Reason.FORBIDDEN,
                "no",
                Trees.map("causes", Trees.list(Trees.map("reason", "NamespaceTerminating"))));
        api.refuse("create a", terminating);
        execute(create("a"), update("b"));
        assertThat(api.calls).containsExactly("create a");
        assertThat(events).isEmpty();
    }

    @Test
    void whatIsGoneNeedsNoDeletion() throws InterruptedException {
        api.refuse("delete a", refusal(ApiException.Reason.NOT_FOUND));
        api.refuse("delete b", refusal(ApiException.Reason.CONFLICT));
        execute(delete("a"), update("x"), delete("b"), update("y"));
        assertThat(api.calls).containsExactly("delete a", "update x", "delete b", "update y");
    }

    /// One, two, four, ... at once: of many that are refused only the first few are tried.
    @Test
    void batchesStartSlowly() throws InterruptedException {
        var many = IntStream.range(0, 100).mapToObj(i -> create("m" + i)).toArray(Action[]::new);
        execute(many);
        assertThat(api.calls).hasSize(100).doesNotHaveDuplicates();
        api.calls.clear();
        api.refuse("create m0", refusal(ApiException.Reason.FORBIDDEN));
        assertThatThrownBy(() -> execute(many)).isInstanceOf(ApiException.class);
        assertThat(api.calls).containsExactly("create m0");
        api.calls.clear();
        api.refuse("create m0", refusal(ApiException.Reason.ALREADY_EXISTS));
        api.refuse("create m2", refusal(ApiException.Reason.FORBIDDEN));
        assertThatThrownBy(() -> execute(many)).isInstanceOf(ApiException.class);
        assertThat(api.calls).containsExactlyInAnyOrder("create m0", "create m1", "create m2");
    }

    @Test
    void theRevisionsOfFollowedResourcesAreRemembered() throws InterruptedException {
        execute(update("a"), update("b"), new Action.Update(Resources.SECRETS, map("s"), ""));
        assertThat(executor.takeWritten(new ObjectKey("ns", "another"))).isEmpty();
        assertThat(executor.takeWritten(KEY)).isEqualTo(Map.of(Resources.CONFIG_MAPS, 102L));
        assertThat(executor.takeWritten(KEY)).isEmpty();
        executor.restore(KEY, Resources.CONFIG_MAPS, 7);
        executor.restore(KEY, Resources.CONFIG_MAPS, 5);
        assertThat(executor.takeWritten(KEY)).containsValue(7L);
    }
}
