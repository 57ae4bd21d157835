package io.navarch.agent.numa;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/// Some of a machine's processors, and the parts of the machine that they are in.
public record Cpus(List<Cpu> all) {
    public CpuSet ids() {
        return CpuSet.of(all.stream().map(Cpu::id).toList());
    }

    /// Those of them that are in a set.
    public Cpus only(CpuSet some) {
        return new Cpus(
                all.stream().filter(cpu -> some.ids().contains(cpu.id())).toList());
    }

    /// @param part what a processor is in, such as [Cpu#node]
    public CpuSet in(ToIntFunction<Cpu> part, int number) {
        return in(part, List.of(number));
    }

    public CpuSet in(ToIntFunction<Cpu> part, Collection<Integer> numbers) {
        return CpuSet.of(all.stream()
                .filter(cpu -> numbers.contains(part.applyAsInt(cpu)))
                .map(Cpu::id)
                .toList());
    }

    /// The parts that any of them is in.
    public SortedSet<Integer> parts(ToIntFunction<Cpu> part) {
        var found = new TreeSet<Integer>();
        for (var cpu : all) found.add(part.applyAsInt(cpu));
        return found;
    }

    /// The parts that any of them is in that is also in another part, such as the sockets of a node.
    public SortedSet<Integer> parts(ToIntFunction<Cpu> part, ToIntFunction<Cpu> within, Collection<Integer> numbers) {
        var found = new TreeSet<Integer>();
        for (var cpu : all) if (numbers.contains(within.applyAsInt(cpu))) found.add(part.applyAsInt(cpu));
        return found;
    }
}
