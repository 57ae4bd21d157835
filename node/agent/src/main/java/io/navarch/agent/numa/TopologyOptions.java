package io.navarch.agent.numa;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// How close together what containers get has to be.
///
/// Source: https://kubernetes.io/docs/tasks/administer-cluster/topology-manager/
///
/// @param closest whether of as many nodes those are taken that are the closest to each other
/// @param mostNodes that the machine may have
public record TopologyOptions(Policy policy, Scope scope, boolean closest, int mostNodes) {
    private static final int USUAL_MOST = 8;
    public static final TopologyOptions NONE = new TopologyOptions(Policy.NONE, Scope.CONTAINER, false, USUAL_MOST);

    private static final String CLOSEST = "prefer-closest-numa-nodes";
    private static final String MOST_NODES = "max-allowable-numa-nodes";

    public enum Policy {
        NONE("none"),
        BEST_EFFORT("best-effort"),
        RESTRICTED("restricted"),
        SINGLE_NUMA_NODE("single-numa-node");

        private final String text;

        Policy(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public enum Scope {
        CONTAINER("container"),
        POD("pod");

        private final String text;

        Scope(String text) {
            this.text = text;
        }
    }

    /// @throws IllegalArgumentException in the kubelet's words
    public static TopologyOptions parse(String policy, String scope, Map<String, String> options) {
        var chosen = Arrays.stream(Policy.values())
                .filter(each -> each.text.equals(policy))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "invalid configuration: topologyManagerPolicy (--topology-manager-policy) \"" + policy
                                + "\" must be one of: ["
                                + Arrays.stream(Policy.values())
                                        .map(each -> "\"" + each.text + "\"")
                                        .collect(Collectors.joining(" "))
                                + "]"));
        var within = Arrays.stream(Scope.values())
                .filter(each -> each.text.equals(scope))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "invalid configuration: topologyManagerScope (--topology-manager-scope) \"" + scope
                                + "\" must be one of: \"container\", or \"pod\""));
        boolean closest = false;
        int most = USUAL_MOST;
        for (var option : options.entrySet()) {
            switch (option.getKey()) {
                case CLOSEST -> closest = GoBoolean.option(CLOSEST, option.getValue());
                case MOST_NODES -> most = mostNodes(option.getValue());
                default ->
                    throw new IllegalArgumentException(
                            "unknown Topology Manager Policy option: \"" + option.getKey() + "\"");
            }
        }
        return new TopologyOptions(chosen, within, closest, most);
    }

    private static int mostNodes(String text) {
        if (!text.matches("[0-9]{1,9}"))
            throw new IllegalArgumentException("unable to convert policy option to integer \"" + MOST_NODES
                    + "\": strconv.Atoi: parsing \"" + text + "\": invalid syntax");
        int most = Integer.parseInt(text);
        if (most < USUAL_MOST)
            throw new IllegalArgumentException(
                    "the minimum value of \"" + MOST_NODES + "\" should not be less than " + USUAL_MOST);
        return most;
    }

    /// @throws IllegalArgumentException when a machine is not for these
    public TopologyOptions on(MachineTopology machine) {
        if (policy == Policy.NONE) return this;
        if (closest
                && machine.nodes().stream().anyMatch(node -> node.distances().isEmpty()))
            throw new IllegalArgumentException(
                    "cannot discover NUMA topology: error getting NUMA distances from cadvisor");
        if (machine.nodes().size() > mostNodes)
            throw new IllegalArgumentException("unsupported on machines with more than " + mostNodes + " NUMA Nodes");
        return this;
    }
}
