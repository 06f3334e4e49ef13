//! Calls with whole arguments through the published caller, and what to make of their answers.

use crate::checks::Outcome;
use muxio_core::rpc::RpcRequest;
use muxio_rpc_service::{
    constants::DEFAULT_SERVICE_MAX_CHUNK_SIZE,
    error::{RpcServiceError, RpcServiceErrorPayload},
    method_id_hash,
    prebuffered::RpcMethodPrebuffered,
};
use muxio_rpc_service_caller::prebuffered::RpcCallPrebuffered;
use muxio_tokio_rpc_client::RpcClient;
use std::{fmt::Debug, io, sync::Arc};
use tokio::task::JoinSet;

pub const ECHO: u64 = method_id_hash("echo");
pub const SLOW: u64 = method_id_hash("slow");
pub const NO_SUCH_METHOD: u64 = method_id_hash("no.such.method");

/// A method whose argument and answer are bytes as they are.
pub struct Raw<const METHOD: u64>;

impl<const METHOD: u64> RpcMethodPrebuffered for Raw<METHOD> {
    const METHOD_ID: u64 = METHOD;
    type Input = Vec<u8>;
    type Output = Vec<u8>;

    fn encode_request(input: Vec<u8>) -> io::Result<Vec<u8>> {
        Ok(input)
    }

    fn decode_request(bytes: &[u8]) -> io::Result<Vec<u8>> {
        Ok(bytes.to_vec())
    }

    fn encode_response(output: Vec<u8>) -> io::Result<Vec<u8>> {
        Ok(output)
    }

    fn decode_response(bytes: &[u8]) -> io::Result<Vec<u8>> {
        Ok(bytes.to_vec())
    }
}

pub async fn connect(host: &str, port: u16) -> Result<Arc<RpcClient>, String> {
    RpcClient::new(host, port).await.map_err(|failure| format!("cannot connect: {failure}"))
}

pub async fn raw<const METHOD: u64>(client: &RpcClient, argument: Vec<u8>) -> Result<Vec<u8>, String> {
    Raw::<METHOD>::call(client, argument).await.map_err(described)
}

/// Calls a method that must fail, and returns what the published client makes of the failure.
pub async fn error_of<const METHOD: u64>(client: &RpcClient) -> Result<RpcServiceErrorPayload, String> {
    match Raw::<METHOD>::call(client, vec![1, 2, 3]).await {
        Err(RpcServiceError::Rpc(payload)) => Ok(payload),
        other => Err(format!("{other:?}, expected an error answer")),
    }
}

/// Calls a method that answers with its argument.
pub async fn echoes<const METHOD: u64>(client: &RpcClient, argument: Vec<u8>) -> Outcome {
    same(&raw::<METHOD>(client, argument.clone()).await?, &argument)
}

/// What the published typed caller sends for such an argument, for a method known only by its id.
pub fn request_of(method: u64, argument: &[u8]) -> RpcRequest {
    let body = argument.len() >= DEFAULT_SERVICE_MAX_CHUNK_SIZE;
    RpcRequest {
        rpc_method_id: method,
        rpc_param_bytes: (!body).then(|| argument.to_vec()),
        rpc_prebuffered_payload_bytes: body.then(|| argument.to_vec()),
        is_finalized: true,
    }
}

/// Starts a call of a method that answers with its argument.
pub fn start<const METHOD: u64>(calls: &mut JoinSet<Outcome>, client: &Arc<RpcClient>, seed: usize, length: usize) {
    let client = client.clone();
    calls.spawn(async move {
        let outcome = echoes::<METHOD>(&client, noise(seed, length)).await;
        outcome.map_err(|why| format!("call {seed}: {why}"))
    });
}

pub async fn all_good(mut calls: JoinSet<Outcome>) -> Outcome {
    while let Some(outcome) = calls.join_next().await {
        outcome.map_err(described)??;
    }
    Ok(())
}

/// Bytes that look random and are the same for the same seed.
pub fn noise(seed: usize, length: usize) -> Vec<u8> {
    let mut state = (seed as u64).wrapping_mul(0xD1B5_4A32_D192_ED03);
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bytes.extend((mixed ^ (mixed >> 29)).to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

pub fn same(actual: &[u8], expected: &[u8]) -> Outcome {
    if actual == expected {
        return Ok(());
    }
    let common = actual.iter().zip(expected).take_while(|(left, right)| left == right).count();
    Err(format!("{} bytes, expected {}; the first {common} are the same", actual.len(), expected.len()))
}

/// On one line, with control characters escaped.
pub fn described(failure: impl Debug) -> String {
    format!("{failure:?}")
}
