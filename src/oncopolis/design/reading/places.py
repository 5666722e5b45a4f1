"""Where attributes stand in the entities of IFC: the same in IFC2X3, IFC4 and IFC4X3.

Asked by place, an attribute costs a third of what it costs by name, and a file is asked a million times.
"""

GLOBAL_ID = 0
NAME = 2
PLACEMENT = 5  # structure: of IfcProduct
REPRESENTATION = 6  # structure: of IfcProduct
LONG_NAME = 7  # structure: of IfcSpace
DOOR_HEIGHT, DOOR_WIDTH = 8, 9  # structure: of IfcDoor

RELATED = 4  # structure: what a relation is about, where it assigns, associates, defines or contains
RELATING = 5  # structure: what it is given
GROUP = 6  # structure: of IfcRelAssignsToGroup
WHOLE, PARTS = 4, 5  # structure: of IfcRelAggregates
BOUNDED, BOUNDARY = 4, 5  # structure: space and element of IfcRelSpaceBoundary
SIDE = 8  # structure: of IfcRelSpaceBoundary, inside or outside
OPENING, FILLING = 4, 5  # structure: of IfcRelFillsElement

REPRESENTATIONS = 2  # of IfcProductDefinitionShape
SHAPE_NAME, SHAPE_KIND, ITEMS = 1, 2, 3  # structure: of IfcShapeRepresentation
PROFILE, POSITION, DIRECTION, DEPTH = 0, 1, 2, 3  # structure: of IfcExtrudedAreaSolid
PROFILE_POSITION = 2  # of parametrised profiles
FIRST_SIZE, SECOND_SIZE = 3, 4  # structure: of parametrised profiles
OUTER_CURVE, INNER_CURVES = 2, 3  # structure: of profiles of any form
