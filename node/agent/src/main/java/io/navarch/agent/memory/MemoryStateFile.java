package io.navarch.agent.memory;

import io.navarch.agent.numa.StateFile;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/// Whose memory is whose, on the disk, as the kubelet writes it.
final class MemoryStateFile {
    private static final String NAME = "memory_manager_state";
    private static final String POLICY = "policyName";
    private static final String MACHINE = "machineState";
    private static final String ENTRIES = "entries";

    private final StateFile file;
    private final String policy;

    /// @param policy that is in force
    MemoryStateFile(Path directory, String policy) {
        file = new StateFile(directory.resolve(NAME), "memory");
        this.policy = policy;
    }

    /// What an earlier agent has written; [MemoryAssignments#NONE] when none has.
    ///
    /// @throws IllegalArgumentException in the kubelet's words, when it is not to be gone by
    MemoryAssignments read() {
        return file.read(this::parse).orElse(MemoryAssignments.NONE);
    }

    private MemoryAssignments parse(View tree) {
        var found = tree.get(POLICY).string();
        var nodes = new TreeMap<Integer, NodeMemory>();
        tree.get(MACHINE).map().forEach((id, node) -> nodes.put(Integer.parseInt(id), node(View.of(node))));
        var promised = new TreeMap<String, SortedMap<String, List<Block>>>();
        tree.get(ENTRIES).map().forEach((uid, pod) -> {
            var containers = new TreeMap<String, List<Block>>();
            View.of(pod).map().forEach((name, blocks) -> containers.put(name, blocks(View.of(blocks))));
            promised.put(uid, containers);
        });
        var read = new MemoryAssignments(nodes, promised);
        StateFile.check(sum(found, read), tree);
        if (!found.equals(policy))
            throw new IllegalArgumentException("[memorymanager] configured policy \"" + policy
                    + "\" differs from state checkpoint policy \"" + found + "\"");
        return read;
    }

    private static NodeMemory node(View node) {
        var tables = new TreeMap<String, NodeMemory.Table>();
        node.get("memoryMap").map().forEach((type, table) -> {
            var sizes = View.of(table);
            tables.put(
                    type,
                    new NodeMemory.Table(
                            sizes.get("total").longOr(0),
                            sizes.get("systemReserved").longOr(0),
                            sizes.get("allocatable").longOr(0),
                            sizes.get("reserved").longOr(0),
                            sizes.get("free").longOr(0)));
        });
        return new NodeMemory(
                Math.toIntExact(node.get("numberOfAssignments").longOr(0)), tables, numbers(node.get("cells")));
    }

    private static List<Integer> numbers(View list) {
        return list.views().stream()
                .map(each -> Math.toIntExact(each.longOr(0)))
                .toList();
    }

    private static List<Block> blocks(View list) {
        var blocks = new ArrayList<Block>();
        for (var block : list.views())
            blocks.add(new Block(
                    numbers(block.get("numaAffinity")),
                    block.get("type").string(),
                    block.get("size").longOr(0)));
        return blocks;
    }

    void write(MemoryAssignments now) throws IOException {
        var nodes = Trees.map();
        now.nodes().forEach((id, node) -> {
            var tables = Trees.map();
            node.tables().forEach((type, table) -> tables.put(type, tree(table)));
            nodes.put(
                    String.valueOf(id),
                    Trees.map("numberOfAssignments", node.promises(), "memoryMap", tables, "cells", node.group()));
        });
        var entries = Trees.map();
        now.promised().forEach((uid, containers) -> {
            var lists = Trees.map();
            containers.forEach((name, blocks) ->
                    lists.put(name, blocks.stream().map(MemoryStateFile::tree).toList()));
            entries.put(uid, lists);
        });
        var tree = Trees.map(POLICY, policy, MACHINE, nodes);
        if (!entries.isEmpty()) tree.put(ENTRIES, entries);
        file.write(tree, sum(policy, now));
    }

    private static Object tree(NodeMemory.Table table) {
        return Trees.map(
                "total",
                table.total(),
                "systemReserved",
                table.system(),
                "allocatable",
                table.allocatable(),
                "reserved",
                table.promised(),
                "free",
                table.free());
    }

    private static Object tree(Block block) {
        return Trees.map("numaAffinity", block.nodes(), "type", block.type(), "size", block.size());
    }

    /// Of the text by which Go prints it.
    private static long sum(String policy, MemoryAssignments now) {
        var nodes = new TreeMap<Integer, String>();
        now.nodes().forEach((id, node) -> nodes.put(id, text(node)));
        var machine = nodes.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(" ", "map[", "]"));
        var entries = Trees.map();
        now.promised().forEach((uid, containers) -> {
            var lists = Trees.map();
            containers.forEach((name, blocks) ->
                    lists.put(name, blocks.stream().map(MemoryStateFile::text).collect(list())));
            entries.put(uid, lists);
        });
        return StateFile.sum("(*state.MemoryManagerCheckpoint){PolicyName:(string)" + policy
                + " MachineState:(state.NUMANodeMap)" + machine
                + " Entries:(state.ContainerMemoryAssignments)" + StateFile.text(entries)
                + " Checksum:(checksum.Checksum)0}");
    }

    private static Collector<CharSequence, ?, String> list() {
        return Collectors.joining(" ", "[", "]");
    }

    private static String text(NodeMemory node) {
        var tables = Trees.map();
        node.tables()
                .forEach((type, table) -> tables.put(
                        type,
                        "<*>{TotalMemSize:(uint64)" + table.total() + " SystemReserved:(uint64)" + table.system()
                                + " Allocatable:(uint64)" + table.allocatable() + " Reserved:(uint64)"
                                + table.promised()
                                + " Free:(uint64)" + table.free() + "}"));
        return "<*>{NumberOfAssignments:(int)" + node.promises()
                + " MemoryMap:(map[v1.ResourceName]*state.MemoryTable)" + StateFile.text(tables) + " Cells:([]int)"
                + text(node.group()) + "}";
    }

    private static String text(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(list());
    }

    private static String text(Block block) {
        return "{NUMAAffinity:([]int)" + text(block.nodes()) + " Type:(v1.ResourceName)" + block.type()
                + " Size:(uint64)" + block.size() + "}";
    }
}
