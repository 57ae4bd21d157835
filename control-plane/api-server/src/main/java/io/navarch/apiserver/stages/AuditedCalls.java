package io.navarch.apiserver.stages;

import io.navarch.apiserver.audit.AuditedCall;
import io.navarch.apiserver.audit.Auditor;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.objects.ApiException;
import java.io.IOException;

/// Has written down what the policy wants of a call whose caller is known.
public final class AuditedCalls implements Stage<ApiRequest, ApiRequest> {
    private final Auditor auditor;

    public AuditedCalls(Auditor auditor) {
        this.auditor = auditor;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        var audited = auditor.begin(request);
        if (audited.isEmpty()) next.proceed(request);
        else if (audited.get().received()) proceed(request, next, audited.get());
        else reject(request);
    }

    private void reject(ApiRequest request) throws IOException {
        auditor.rejected();
        InternalErrorText.answer(request, "failed to store audit event");
    }

    private static void proceed(ApiRequest request, Next<ApiRequest> next, AuditedCall audited)
            throws IOException, InterruptedException {
        request.response().audited(audited.record());
        boolean told = false;
        try {
            next.proceed(request);
        } catch (ApiException e) {
            told = true;
            audited.refused(e);
            throw e;
        } catch (RuntimeException | Error e) {
            told = true;
            audited.failed(e);
            throw e;
        } finally {
            if (!told) audited.complete();
        }
    }
}
