package io.navarch.agent.cpus;

import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.Cpu;
import io.navarch.agent.numa.CpuSet;
import io.navarch.agent.numa.Cpus;
import io.navarch.agent.numa.MachineTopology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/// Which of the free processors a container gets so that they are close together: as large parts of the machine as
/// it fills, and then those parts that others have begun.
final class CpuChoice {
    private final MachineTopology machine;
    private Cpus free;
    private int needed;
    private CpuSet taken = CpuSet.EMPTY;

    private CpuChoice(MachineTopology machine, CpuSet available, int needed) {
        this.machine = machine;
        free = machine.cpus().only(available);
        this.needed = needed;
    }

    /// @param byCache whether those are better that share a cache
    static CpuSet packed(MachineTopology machine, CpuSet available, int needed, boolean byCache)
            throws AllocationException {
        if (needed < 1) return CpuSet.EMPTY;
        var choice = new CpuChoice(machine, available, needed);
        if (needed > choice.free.all().size()) throw tooFew(needed, available);
        choice.choose(byCache);
        return choice.taken;
    }

    static AllocationException tooFew(int needed, CpuSet available) {
        return AllocationException.unexpected("not enough cpus available to satisfy request: requested=" + needed
                + ", available=" + available.size());
    }

    private void choose(boolean byCache) {
        if (nodesFirst()) {
            takeNodes();
            takeSockets();
        } else {
            takeSockets();
            takeNodes();
        }
        if (byCache) takeCaches();
        takeWhole(cores(), Cpu::core, machine.cpusPerCore());
        for (int cpu : singles()) {
            if (needed < 1) return;
            take(CpuSet.of(List.of(cpu)));
        }
    }

    /// Whether a node has one socket or more, rather than a socket several nodes.
    private boolean nodesFirst() {
        return machine.sockets() >= machine.nodesWithCpus();
    }

    private void take(CpuSet cpus) {
        taken = taken.plus(cpus);
        free = free.only(free.ids().minus(cpus));
        needed -= cpus.size();
    }

    /// Takes parts of which nothing is taken yet, as long as all of each is needed.
    ///
    /// @param size of a whole one, 0 for as many as each has
    private void takeWhole(List<Integer> parts, ToIntFunction<Cpu> part, int size) {
        var whole = parts.stream()
                .filter(each -> {
                    int full = size == 0 ? machine.cpus().in(part, each).size() : size;
                    return free.in(part, each).size() == full;
                })
                .toList();
        for (int each : whole) {
            var all = machine.cpus().in(part, each);
            // A part may be named twice.
            if (needed >= all.size() && free.ids().containsAll(all)) take(all);
        }
    }

    private void takeNodes() {
        takeWhole(nodes(), Cpu::node, 0);
    }

    private void takeSockets() {
        takeWhole(sockets(), Cpu::socket, machine.cpusPerSocket());
    }

    private void takeCaches() {
        for (int cache : caches()) {
            if (needed >= machine.cpusPerCache()) takeWhole(caches(), Cpu::cache, 0);
            if (needed < 1) return;
            takeOfCache(cache);
            if (needed < 1) return;
        }
    }

    /// Takes what is needed of one cache if it has that much, whole cores as far as possible.
    private void takeOfCache(int cache) {
        int perCore = machine.cpusPerCore();
        int cores = (needed + perCore - 1) / perCore;
        var some = free.parts(Cpu::core, Cpu::cache, List.of(cache)).stream()
                .limit(cores)
                .toList();
        var cpus = new ArrayList<>(free.in(Cpu::core, some).ids());
        if (needed % 2 != 0 && perCore > 1 && cpus.size() > needed) cpus.removeLast();
        if (cpus.size() == needed) take(CpuSet.of(cpus));
    }

    /// Those first of which the least is free.
    private List<Integer> fullest(Collection<Integer> parts, ToIntFunction<Cpu> part) {
        return parts.stream()
                .sorted(Comparator.comparingInt(
                                (Integer each) -> free.in(part, each).size())
                        .thenComparingInt(each -> each))
                .toList();
    }

    private List<Integer> within(List<Integer> outer, ToIntFunction<Cpu> outerPart, ToIntFunction<Cpu> part) {
        var all = new ArrayList<Integer>();
        for (int each : outer) all.addAll(fullest(free.parts(part, outerPart, List.of(each)), part));
        return all;
    }

    private List<Integer> nodes() {
        return nodesFirst()
                ? fullest(free.parts(Cpu::node), Cpu::node)
                : within(fullest(free.parts(Cpu::socket), Cpu::socket), Cpu::socket, Cpu::node);
    }

    private List<Integer> sockets() {
        return nodesFirst() ? within(nodes(), Cpu::node, Cpu::socket) : fullest(free.parts(Cpu::socket), Cpu::socket);
    }

    private List<Integer> caches() {
        return within(nodes(), Cpu::node, Cpu::cache);
    }

    private List<Integer> cores() {
        return nodesFirst() ? within(sockets(), Cpu::socket, Cpu::core) : within(nodes(), Cpu::node, Cpu::core);
    }

    private List<Integer> singles() {
        var all = new ArrayList<Integer>();
        for (int core : cores()) all.addAll(free.in(Cpu::core, core).ids());
        return all;
    }

    /// The nodes on which something is free, the fullest first.
    static List<Integer> nodes(MachineTopology machine, CpuSet available) {
        return new CpuChoice(machine, available, 0).nodes();
    }
}
