package io.claviger.edge.credential;

/**
 * What this node keeps of brokers' answers, and to renew them with.
 *
 * @param sessions that are served
 * @param refusals of the last seconds
 * @param refreshTokens of pods, that their sessions are renewed with
 */
public record NodeMemory(
    SessionCache sessions, RefusalCache refusals, RefreshTokens refreshTokens) {}
