package io.navarch.apiserver.flow;

import io.navarch.objects.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The few queues that a flow may use. Two flows seldom have all of them in common, so that a flow that fills its own
/// leaves nearly every other flow one that is free.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#queuing
final class Hand {
    private Hand() {}

    /// A number for a flow that nobody can choose.
    static long flow(String schema, String distinguisher) {
        var digest = Sha256.of((schema + '\0' + distinguisher).getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /// `size` different numbers below `deck`, always the same ones for a flow.
    static int[] deal(long flow, int deck, int size) {
        var hand = new int[size];
        var sorted = new int[size];
        long rest = flow;
        for (int dealt = 0; dealt < size; dealt++) {
            int left = deck - dealt;
            int card = (int) Long.remainderUnsigned(rest, left);
            rest = Long.divideUnsigned(rest, left);
            // The card is counted among those that are left: step over those that are gone.
            int at = 0;
            while (at < dealt && sorted[at] <= card) {
                card++;
                at++;
            }
            System.arraycopy(sorted, at, sorted, at + 1, dealt - at);
            sorted[at] = card;
            hand[dealt] = card;
        }
        return hand;
    }
}
