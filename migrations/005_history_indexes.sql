-- The panel's history (GET /api/supplies/history) pages by request, its charts add up by the time of closing.
CREATE INDEX supply_history ON supplies (requested_at DESC, supply_id DESC);
CREATE INDEX supply_closings ON supplies (closed_at) WHERE state = 'ENDED';
