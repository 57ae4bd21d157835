package io.navarch.apiserver.stages;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.objects.GoText;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes every call into the log, and what those have said of it who were asked.
public final class Audit implements Stage<ApiRequest, ApiRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        if (!LOG.isDebugEnabled()) {
            next.proceed(request);
            return;
        }
        LOG.debug(
                "{} {}",
                GoText.quoted(request.call().method()),
                GoText.quoted(request.call().path()));
        try {
            next.proceed(request);
        } finally {
            request.response()
                    .auditAnnotations()
                    .forEach((key, value) -> LOG.debug("  {} = {}", key, GoText.quoted(value)));
        }
    }
}
