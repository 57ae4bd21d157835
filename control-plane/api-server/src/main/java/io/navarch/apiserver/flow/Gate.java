package io.navarch.apiserver.flow;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.Seat;
import java.util.Optional;

/// Decides when a call is served.
public interface Gate {
    /// Waits until it is the call's turn.
    Admission admit(ApiRequest request) throws InterruptedException;

    /// What became of a call.
    ///
    /// @param schemaUid the flow schema that it belongs to, or `""`
    /// @param levelUid the priority level, or `""`
    /// @param seat empty for a call that is refused
    /// @param retryAfter for such a call: in how many seconds it may come again; 0 when nobody waits for an answer
    record Admission(String schemaUid, String levelUid, Optional<Seat> seat, long retryAfter) {}
}
