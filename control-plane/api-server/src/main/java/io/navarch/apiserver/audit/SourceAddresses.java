package io.navarch.apiserver.audit;

import io.navarch.apiserver.request.Call;
import io.navarch.objects.Addresses;
import java.util.ArrayList;
import java.util.List;

/// Where a call came from, as whoever passed it on says, and last who sent it to us.
final class SourceAddresses {
    /// Proxies that add themselves are few.
    private static final int MOST = 32;

    private SourceAddresses() {}

    static List<String> of(Call call) {
        var all = new ArrayList<String>();
        for (var part : call.header("X-Forwarded-For").split(",", MOST))
            if (Addresses.isAddress(part.strip())) all.add(part.strip());
        var real = call.header("X-Real-Ip").strip();
        if (Addresses.isAddress(real) && !all.contains(real)) all.add(real);
        var remote = call.exchange()
                .map(exchange -> exchange.remote().getAddress().getHostAddress())
                .orElse("127.0.0.1");
        if (all.isEmpty() || !all.getLast().equals(remote)) all.add(remote);
        return all;
    }
}
