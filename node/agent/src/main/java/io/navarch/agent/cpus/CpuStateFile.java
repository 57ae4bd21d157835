package io.navarch.agent.cpus;

import io.navarch.agent.numa.CpuSet;
import io.navarch.agent.numa.StateFile;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/// Whose processors are whose, on the disk, as the kubelet writes it.
final class CpuStateFile {
    private static final String NAME = "cpu_manager_state";
    private static final String POLICY = "policyName";
    private static final String SHARED = "defaultCpuSet";
    private static final String ENTRIES = "entries";

    private final StateFile file;
    private final String policy;

    /// @param policy that is in force
    CpuStateFile(Path directory, String policy) {
        file = new StateFile(directory.resolve(NAME), "CPU");
        this.policy = policy;
    }

    /// What an earlier agent has written; [CpuAssignments#NONE] when none has.
    ///
    /// @throws IllegalArgumentException in the kubelet's words, when it is not to be gone by
    CpuAssignments read() {
        return file.read(this::parse).orElse(CpuAssignments.NONE);
    }

    private CpuAssignments parse(View tree) {
        var found = tree.get(POLICY).string();
        // The original's own files are older, and count otherwise.
        var shared = tree.get(SHARED).string();
        var entries = tree.get(ENTRIES).map();
        StateFile.check(sum(found, shared, entries), tree);
        if (!found.equals(policy))
            throw new IllegalArgumentException(
                    "configured policy \"" + policy + "\" differs from state checkpoint policy \"" + found + "\"");
        var exclusive = new TreeMap<String, SortedMap<String, CpuSet>>();
        entries.forEach((uid, containers) -> {
            var sets = new TreeMap<String, CpuSet>();
            View.of(containers).map().forEach((name, text) -> sets.put(name, entry(uid, name, String.valueOf(text))));
            exclusive.put(uid, sets);
        });
        try {
            return new CpuAssignments(CpuSet.parse(shared), exclusive);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "could not parse default cpu set \"" + shared + "\": " + e.getMessage(), e);
        }
    }

    private static CpuSet entry(String uid, String container, String text) {
        try {
            return CpuSet.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "could not parse cpuset \"" + text + "\" for container \"" + container + "\" in pod \"" + uid
                            + "\": " + e.getMessage(),
                    e);
        }
    }

    void write(CpuAssignments now) throws IOException {
        var entries = Trees.map();
        now.exclusive().forEach((uid, containers) -> {
            var texts = Trees.map();
            containers.forEach((name, cpus) -> texts.put(name, cpus.toString()));
            entries.put(uid, texts);
        });
        var shared = now.shared().toString();
        var tree = Trees.map(POLICY, policy, SHARED, shared);
        if (!entries.isEmpty()) tree.put(ENTRIES, entries);
        file.write(tree, sum(policy, shared, entries));
    }

    /// Of the text by which Go prints it.
    private static long sum(String policy, String shared, Object entries) {
        return StateFile.sum("(*state.CPUManagerCheckpoint){PolicyName:(string)" + policy + " DefaultCPUSet:(string)"
                + shared + " Entries:(map[string]map[string]string)" + StateFile.text(entries)
                + " Checksum:(checksum.Checksum)0}");
    }
}
