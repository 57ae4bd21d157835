package io.navarch.apiserver.stages;

import io.navarch.apiserver.audit.Auditor;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import java.io.IOException;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives every call an ID, which the answer and all that is written of the call have, and writes down those whose
/// callers are not known.
public final class Audit implements Stage<ApiRequest, ApiRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final String HEADER = "Audit-ID";
    private static final int LONGEST = 64;

    private final Auditor auditor;
    private final RandomGenerator random;

    public Audit(Auditor auditor, RandomGenerator random) {
        this.auditor = auditor;
        this.random = random;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        // Nobody in this process looks at its headers.
        if (auditor.on() || request.call().trusted().isEmpty())
            request.response().auditId(id(request));
        try {
            next.proceed(request);
        } catch (ApiException e) {
            boolean unknown = e.reason() == ApiException.Reason.UNAUTHORIZED
                    && request.response().audited().isEmpty();
            if (unknown) auditor.unknown(request, e);
            throw e;
        } finally {
            if (LOG.isDebugEnabled())
                request.response()
                        .auditAnnotations()
                        .forEach((key, value) -> LOG.debug("  {} = {}", key, GoText.quoted(value)));
        }
    }

    private String id(ApiRequest request) {
        var sent = request.call().header(HEADER);
        if (!sent.isEmpty() && sent.length() <= LONGEST) return sent;
        // Version 4, variant 1: random.
        return new UUID(random.nextLong() & ~0xf000L | 0x4000L, random.nextLong() & ~(3L << 62) | 2L << 62).toString();
    }
}
