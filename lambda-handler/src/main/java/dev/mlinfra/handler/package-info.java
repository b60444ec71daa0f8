/**
 * Batch prediction: a CSV and a model in, the same CSV with predictions behind its rows out.
 *
 * <p>The way of one call:
 *
 * <pre>{@code
 * event --PredictionEvent--> PredictionRequest
 *       --PredictionJob----> Model (PredictorCache: ONNX or JSON), scaler (StandardScaler)
 *                            ChunkReader -> chunks of whole rows
 *                            workers: RowReader -> numbers -> Predictor -> rows and predictions
 *                            in order -> ObjectWriter: the output appears whole or not at all
 * }</pre>
 *
 * <p>{@link dev.mlinfra.handler.PredictionHandler} is the Lambda function, {@link
 * dev.mlinfra.handler.LocalPrediction} does the same with files. Both fail with the codes of {@link
 * dev.mlinfra.handler.PredictionError}.
 *
 * <p>Cells are data, never code: they are copied as they are, so a spreadsheet formula in the input
 * is still one in the output.
 */
package dev.mlinfra.handler;
