package io.navarch.agent.credentials;

import io.navarch.agent.credentials.Accounts.Token;
import io.navarch.model.Pod;
import io.navarch.model.ServiceAccount;
import io.navarch.objects.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Accounts of pods, and tokens of theirs that are asked for anew only when their time is almost over: what programs
/// have answered for a token counts for that very one.
final class KeptTokens {
    private static final int MOST = 10_000;

    /// However long it would count.
    private static final Duration LONGEST = Duration.ofDays(1);

    private record Wanted(ObjectKey account, String accountUid, String podUid, String audience) {}

    private record Kept(Token token, Instant since, Instant until) {
        /// Not what was before the clock was set back.
        boolean holds(Instant now) {
            return !now.isBefore(since) && now.isBefore(until);
        }
    }

    private final Accounts accounts;
    private final InstantSource clock;
    private final Map<Wanted, Kept> tokens = new ConcurrentHashMap<>();

    KeptTokens(Accounts accounts, InstantSource clock) {
        this.accounts = accounts;
        this.clock = clock;
    }

    /// Absent when there is none.
    ServiceAccount find(ObjectKey key) {
        return accounts.find(key);
    }

    String token(Pod pod, ServiceAccount account, String audience) {
        var wanted = new Wanted(account.key(), account.uid(), pod.uid(), audience);
        var now = clock.instant();
        var kept = tokens.get(wanted);
        if (kept != null && kept.holds(now)) return kept.token.text();
        var fresh = fresh(accounts.token(pod, account, audience), now);
        if (tokens.size() >= MOST) tokens.values().removeIf(each -> !each.holds(now));
        if (tokens.size() >= MOST) tokens.clear();
        // Those who ask at the same time go on with the same one.
        return tokens.merge(wanted, fresh, (other, mine) -> other.holds(now) ? other : mine)
                .token
                .text();
    }

    /// It is renewed when four fifths of its time are over.
    private static Kept fresh(Token token, Instant now) {
        var life = Duration.between(now, token.expires()).multipliedBy(4).dividedBy(5);
        return new Kept(token, now, now.plus(life.compareTo(LONGEST) < 0 ? life : LONGEST));
    }
}
