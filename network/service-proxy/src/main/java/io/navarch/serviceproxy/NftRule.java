package io.navarch.serviceproxy;

import java.util.ArrayList;
import java.util.List;

/// One rule of a chain.
public sealed interface NftRule {
    /// The rule as `nft` reads it.
    String text();

    /// Marks what must leave with the node's own address; the bit is the one that kube-proxy uses.
    ///
    /// @param source whose packets are marked, `""` for everybody's
    record Masquerade(String source) implements NftRule {
        @Override
        public String text() {
            return (source.isEmpty() ? "" : "ip saddr " + source + " ") + "meta mark set meta mark or 0x4000";
        }
    }

    record Goto(String chain) implements NftRule {
        @Override
        public String text() {
            return "goto " + chain;
        }
    }

    /// Goes on for clients that a set remembers.
    record GotoKnown(String set, String chain) implements NftRule {
        @Override
        public String text() {
            return "ip saddr @" + set + " goto " + chain;
        }
    }

    record Remember(String set) implements NftRule {
        @Override
        public String text() {
            return "update @" + set + " { ip saddr }";
        }
    }

    /// Goes on with any of the chains.
    record Balance(List<String> chains) implements NftRule {
        @Override
        public String text() {
            var choices = new ArrayList<String>();
            for (var chain : chains) choices.add(choices.size() + " : goto " + chain);
            return "numgen random mod " + chains.size() + " vmap { " + String.join(", ", choices) + " }";
        }
    }

    /// Sends a packet to an endpoint.
    ///
    /// @param destination only packets for this address, `""` for any
    record Translate(String destination, String protocol, String address, int port) implements NftRule {
        @Override
        public String text() {
            return (destination.isEmpty() ? "" : "ip daddr " + destination + " ") + "meta l4proto " + protocol
                    + " dnat to " + address + ":" + port;
        }
    }
}
