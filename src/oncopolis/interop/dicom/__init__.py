"""DICOM: the modality worklist, so that nobody types a patient's name into a scanner."""
