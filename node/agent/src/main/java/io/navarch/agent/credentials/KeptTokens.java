package io.navarch.agent.credentials;

import io.navarch.agent.credentials.Accounts.Token;
import io.navarch.model.Pod;
import io.navarch.model.ServiceAccount;
import io.navarch.objects.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Accounts of pods, and tokens of theirs that are asked for anew only when their time is almost over: what programs
/// have answered for a token counts for that very one.
final class KeptTokens {
    /// However long it would count.
    private static final Duration LONGEST = Duration.ofDays(1);

    private record Wanted(ObjectKey account, String accountUid, String podUid, String audience) {}

    private final Accounts accounts;
    private final InstantSource clock;
    private final KeptForAWhile<Wanted, Token> tokens = new KeptForAWhile<>();

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
        var kept = tokens.at(wanted, now);
        if (kept.isPresent()) return kept.get().text();
        var fresh = accounts.token(pod, account, audience);
        return tokens.putFirst(wanted, fresh, now, renewal(fresh, now)).text();
    }

    /// It is renewed when four fifths of its time are over.
    private static Instant renewal(Token token, Instant now) {
        var life = Duration.between(now, token.expires()).multipliedBy(4).dividedBy(5);
        return now.plus(life.compareTo(LONGEST) < 0 ? life : LONGEST);
    }
}
