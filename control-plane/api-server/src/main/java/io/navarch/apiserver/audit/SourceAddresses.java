package io.navarch.apiserver.audit;

import io.navarch.apiserver.request.Call;
import io.navarch.objects.Addresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where a call came from, as whoever passed it on says, and last who sent it to us.
final class SourceAddresses {
    /// Proxies that add themselves are few.
    private static final int MOST = 32;

    private SourceAddresses() {}

    static List<String> of(Call call) {
        var all = new ArrayList<String>();
        var parts = call.header("X-Forwarded-For").split(",");
        // The last ones are nearest.
        for (int i = Math.max(0, parts.length - MOST); i < parts.length; i++)
            canonical(parts[i]).ifPresent(all::add);
        var real = canonical(call.header("X-Real-Ip"));
        if (real.isPresent() && !all.contains(real.get())) all.add(real.get());
        var remote = call.exchange()
                .map(exchange -> Addresses.text(exchange.remote().getAddress().getAddress()))
                .orElse("127.0.0.1");
        if (all.isEmpty() || !all.getLast().equals(remote)) all.add(remote);
        return all;
    }

    private static Optional<String> canonical(String sent) {
        return Addresses.parse(sent.strip()).map(Addresses::text);
    }
}
