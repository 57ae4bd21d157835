package io.navarch.apiserver.stages;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.objects.GoText;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes every call into the log.
public final class Audit implements Stage<ApiRequest, ApiRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "{} {}",
                    GoText.quoted(request.call().method()),
                    GoText.quoted(request.call().path()));
        }
        next.proceed(request);
    }
}
