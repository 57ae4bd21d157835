package io.navarch.crash.postgres;

import io.navarch.crash.Tally;
import io.navarch.crash.postgres.Processes.Postmaster;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/// Ends one thing after the other, without a warning: processes of the pods, what runs them, and the server.
final class Killer {
    private static final int SHORTEST_MILLIS = 500;
    private static final int LONGEST_MILLIS = 12_000;

    private enum Blow {
        SERVER_OF_DATABASE,
        PROCESS_OF_DATABASE,
        SHIM,
        CONTAINERD,
        SERVER,
        EVERYTHING,
        POD
    }

    private final Cluster cluster;
    private final Tally tally;
    private final Random random;
    private final Set<String> uids = new HashSet<>();

    Killer(Cluster cluster, Tally tally, Random random) {
        this.cluster = cluster;
        this.tally = tally;
        this.random = random;
    }

    void pause() throws InterruptedException {
        Thread.sleep(random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS));
    }

    /// Of all pods that were seen.
    Set<String> uids() {
        return Set.copyOf(uids);
    }

    void remember() {
        try {
            uids.addAll(cluster.uids());
        } catch (IOException e) {
            tally.add("looks without an answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void strike() throws IOException, InterruptedException {
        remember();
        var blows = Blow.values();
        switch (blows[random.nextInt(blows.length)]) {
            case SERVER_OF_DATABASE -> {
                for (var each : any(own())) kill("database servers", OptionalLong.of(each.pid()));
            }
            case PROCESS_OF_DATABASE -> {
                for (var each : any(own())) {
                    for (long child : any(Processes.children(each.pid())))
                        kill("database processes", OptionalLong.of(child));
                }
            }
            case SHIM -> any(own()).forEach(this::killShim);
            case CONTAINERD -> kill("containerd", cluster.containerd());
            case SERVER -> kill("server", cluster.server());
            case EVERYTHING -> {
                own().forEach(this::killShim);
                kill("containerd", cluster.containerd());
                kill("server", cluster.server());
            }
            case POD -> deletePod();
        }
    }

    private List<Postmaster> own() throws IOException {
        return Processes.postmasters().stream()
                .filter(each -> uids.stream().anyMatch(uid -> Processes.inGroup(each.pid(), "pod" + uid)))
                .toList();
    }

    private <T> List<T> any(List<T> all) {
        return all.isEmpty() ? all : List.of(all.get(random.nextInt(all.size())));
    }

    private void killShim(Postmaster each) {
        // Who has lost its shim is somebody else's child.
        if (Processes.name(each.parent()).startsWith("containerd-shim")) kill("shims", OptionalLong.of(each.parent()));
    }

    private void kill(String what, OptionalLong pid) {
        if (pid.isEmpty() || pid.getAsLong() <= 1) return;
        ProcessHandle.of(pid.getAsLong()).ifPresent(ProcessHandle::destroyForcibly);
        tally.add("killed " + what);
    }

    private void deletePod() throws InterruptedException {
        var pod = Cluster.PODS.get(random.nextInt(Cluster.PODS.size()));
        try {
            cluster.kubectl("delete", "pod", pod, "--wait=false");
            tally.add("deleted pods");
        } catch (IOException e) {
            tally.add("deletions without an answer");
        }
    }
}
